package io.statehouse.node.grpc;

import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.service.Authority;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.ReadPoint;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.StateService;
import io.statehouse.proto.v1.Consistency;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.StreamedRead;
import io.statehouse.proto.v1.StreamedReadAnswer;
import io.statehouse.statemachine.state.StateView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The reads of one call: while some wait for the leader to be confirmed, those that come form the next group.
 *
 * <p>So a lone read goes at once, and many share one wait, one look at the state and one change of threads. What is to be read
 * as of another point than the present, or less than freshly, goes by itself.
 */
final class GatheredReads implements CallStream.Handler<StreamedRead, StreamedReadAnswer> {
    /** Answers that a caller does not take; at so many bytes the rest waits until it has taken them. */
    static final long ANSWER_BYTES_MAX = 4L << 20;

    private final StateService state;
    private final StateReads reads;
    private final NodeLimits limits;
    private final Authority authority;

    // Guarded by this. No more than the call takes ahead.
    private final Deque<StreamedRead> waiting = new ArrayDeque<>();
    private boolean isAsking;

    GatheredReads(StateService state, StateReads reads, NodeLimits limits, Authority authority) {
        this.state = state;
        this.reads = reads;
        this.limits = limits;
        this.authority = authority;
    }

    @Override
    public void take(StreamedRead read, CallStream<StreamedRead, StreamedReadAnswer> stream) {
        try {
            stream.requireNotEnding();
            if (!read.getGet().getOptions().getTxnId().isEmpty()) {
                throw Refusals.invalid("options.txn_id", "a staged transaction is read by a call of its own");
            }
        } catch (RuntimeException e) {
            stream.answer(failed(read, e));
            return;
        }
        if (isOfThePresent(read.getGet().getOptions())) {
            synchronized (this) {
                waiting.add(read);
            }
            askNext(stream);
        } else {
            takeAlone(read, stream);
        }
    }

    private static boolean isOfThePresent(ReadOptions options) {
        return options.getConsistency() == Consistency.CONSISTENCY_LINEARIZABLE
                && options.getAtCase() == ReadOptions.AtCase.AT_NOT_SET;
    }

    private void takeAlone(StreamedRead read, CallStream<StreamedRead, StreamedReadAnswer> stream) {
        try {
            var unused = reads.get(caller(read), read.getGet())
                    .whenComplete((response, failure) ->
                            stream.answer(response == null ? failed(read, failure) : answered(read, response)));
        } catch (RuntimeException e) {
            stream.answer(failed(read, e));
        }
    }

    /** The caller has taken its answers: there is room for more. */
    @Override
    public void sent(CallStream<StreamedRead, StreamedReadAnswer> stream) {
        askNext(stream);
    }

    /** One question at a time: what comes while one is under way needs a later one, since it may ask for what was written since. */
    private void askNext(CallStream<StreamedRead, StreamedReadAnswer> stream) {
        List<StreamedRead> group;
        synchronized (this) {
            if (isAsking || waiting.isEmpty() || stream.answerBytes() >= ANSWER_BYTES_MAX) {
                return;
            }
            isAsking = true;
            group = new ArrayList<>(waiting);
            waiting.clear();
        }
        ask(group, stream);
    }

    private void ask(List<StreamedRead> group, CallStream<StreamedRead, StreamedReadAnswer> stream) {
        int timeoutMillis = 0;
        for (StreamedRead read : group) {
            timeoutMillis = Math.max(timeoutMillis, read.getTimeoutMs());
        }
        Caller caller = OpenStreams.caller(authority, timeoutMillis, limits);
        try {
            var unused = state.read(caller, null, ReadPoint.NOW, view -> answer(caller, group, view, stream))
                    .whenComplete(
                            (answers, failure) -> answered(failure == null ? answers : failed(group, failure), stream));
        } catch (RuntimeException e) {
            answered(failed(group, e), stream);
        }
    }

    private void answered(List<StreamedReadAnswer> answers, CallStream<StreamedRead, StreamedReadAnswer> stream) {
        synchronized (this) {
            isAsking = false;
        }
        stream.answer(answers);
        askNext(stream);
    }

    private List<StreamedReadAnswer> answer(
            Caller caller,
            List<StreamedRead> group,
            StateView view,
            CallStream<StreamedRead, StreamedReadAnswer> stream) {
        List<StreamedReadAnswer> answers = new ArrayList<>(group.size());
        long room = ANSWER_BYTES_MAX - stream.answerBytes();
        for (StreamedRead read : group) {
            if (room > 0) {
                StreamedReadAnswer answer = answer(caller, read, view);
                room -= answer.getSerializedSize();
                answers.add(answer);
            } else {
                synchronized (this) {
                    waiting.add(read);
                }
            }
        }
        return answers;
    }

    private StreamedReadAnswer answer(Caller caller, StreamedRead read, StateView view) {
        try {
            return answered(read, reads.find(caller, read.getGet(), view));
        } catch (RuntimeException e) {
            return failed(read, e);
        }
    }

    private Caller caller(StreamedRead read) {
        return OpenStreams.caller(authority, read.getTimeoutMs(), limits);
    }

    private static StreamedReadAnswer answered(StreamedRead read, GetStateResponse response) {
        return StreamedReadAnswer.newBuilder()
                .setNumber(read.getNumber())
                .setState(response)
                .build();
    }

    private static List<StreamedReadAnswer> failed(List<StreamedRead> group, Throwable failure) {
        return group.stream().map(read -> failed(read, failure)).toList();
    }

    private static StreamedReadAnswer failed(StreamedRead read, Throwable failure) {
        return StreamedReadAnswer.newBuilder()
                .setNumber(read.getNumber())
                .setError(StatusMapper.toError(failure))
                .build();
    }
}
