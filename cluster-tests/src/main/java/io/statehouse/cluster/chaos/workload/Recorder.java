package io.statehouse.cluster.chaos.workload;

import io.grpc.StatusRuntimeException;
import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.check.history.Endpoint;
import io.statehouse.cluster.check.history.HistoryWriter;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes down the calls of one process: before each is sent what it asks, and afterwards how it ended. */
public final class Recorder {
    private final HistoryWriter history;
    private final Tally tally;
    private final int process;
    private final Load load;

    public Recorder(HistoryWriter history, Tally tally, int process, Load load) {
        this.history = history;
        this.tally = tally;
        this.process = process;
        this.load = load;
    }

    /** The same process with calls of another load. */
    public Recorder as(Load other) {
        return new Recorder(history, tally, process, other);
    }

    HistoryWriter history() {
        return history;
    }

    int process() {
        return process;
    }

    Load load() {
        return load;
    }

    /**
     * Makes a call and records it.
     *
     * @param answeredBy who answered, asked when the call has ended
     * @return the answer or the refusal; null when there was neither
     */
    public @Nullable Response record(Request request, Supplier<Endpoint> answeredBy, Supplier<Response> call) {
        boolean isCommit = request.isCommit();
        long id = history.called(process, load, request);
        try {
            Response response = call.get();
            return ended(id, Outcome.OK, answeredBy.get(), response, isCommit);
        } catch (StatehouseException e) {
            return ended(id, Failures.outcomeOf(e), answeredBy.get(), Failures.answerIn(e, request), isCommit);
        } catch (StatusRuntimeException e) {
            return ended(id, Failures.outcomeOf(e), answeredBy.get(), Failures.answerIn(e), isCommit);
        } catch (RuntimeException e) {
            // Not a way for a call to end: the run fails with it, and its history says what is known.
            var unused = ended(id, Outcome.UNKNOWN, Endpoint.UNKNOWN, null, isCommit);
            throw e;
        }
    }

    private @Nullable Response ended(
            long id, Outcome outcome, Endpoint endpoint, @Nullable Response response, boolean isCommit) {
        history.returned(id, outcome, endpoint, response);
        boolean isRepeated = response instanceof Response.Committed committed && committed.isReplayed();
        tally.ended(outcome, isCommit, isRepeated);
        return response;
    }
}
