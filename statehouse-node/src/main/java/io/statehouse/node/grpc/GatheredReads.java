package io.statehouse.node.grpc;

import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.service.Authority;
import io.statehouse.node.service.Caller;
import io.statehouse.node.service.ReadPoint;
import io.statehouse.node.service.Refusals;
import io.statehouse.node.service.ServiceException;
import io.statehouse.node.service.StateService;
import io.statehouse.proto.v1.Consistency;
import io.statehouse.proto.v1.GetStateResponse;
import io.statehouse.proto.v1.ReadOptions;
import io.statehouse.proto.v1.StreamedRead;
import io.statehouse.proto.v1.StreamedReadAnswer;
import io.statehouse.statemachine.CompactedException;
import io.statehouse.statemachine.state.StateView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The reads of one call: while some wait for the leader to be confirmed, those that come form the next group.
 *
 * <p>So a lone read goes at once, and many share one wait, one look at the state and one change of threads. Only reads of the
 * present that see everything acknowledged before them are taken; the others gain nothing from company.
 */
final class GatheredReads implements CallStream.Handler<StreamedRead, StreamedReadAnswer> {
    /** Answers that a caller does not take; at so many bytes the rest waits until it has taken them. */
    static final long ANSWER_BYTES_MAX = 4L << 20;

    private final StateService state;
    private final StateReads reads;
    private final NodeLimits limits;
    private final Authority authority;
    private final Tally tally;

    // Guarded by this. No more than the call takes ahead, and nothing of a request but what is kept here.
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean isAsking;

    private record Waiting(long number, StateReads.Place place, Caller caller, long arrivedNanos) {}

    GatheredReads(StateService state, StateReads reads, NodeLimits limits, Authority authority, Tally tally) {
        this.state = state;
        this.reads = reads;
        this.limits = limits;
        this.authority = authority;
        this.tally = tally;
    }

    @Override
    public void take(StreamedRead read, CallStream<StreamedRead, StreamedReadAnswer> stream) {
        long arrived = System.nanoTime();
        try {
            stream.requireNotEnding();
            requireOfThePresent(read.getGet().getOptions());
            var place = reads.place(read.getGet());
            var caller = OpenStreams.caller(authority, read.getTimeoutMs(), limits);
            synchronized (this) {
                waiting.add(new Waiting(read.getNumber(), place, caller, arrived));
            }
        } catch (ServiceException e) {
            StreamedReadAnswer refusal = failed(read.getNumber(), e);
            tally.ended(arrived, refusal.getError());
            stream.answer(refusal);
            return;
        }
        askNext(stream);
    }

    private static void requireOfThePresent(ReadOptions options) {
        if (!options.getTxnId().isEmpty()) {
            throw Refusals.invalid("options.txn_id", "a staged transaction is read by a call of its own");
        }
        if (options.getConsistency() != Consistency.CONSISTENCY_LINEARIZABLE
                || options.getAtCase() != ReadOptions.AtCase.AT_NOT_SET) {
            throw Refusals.invalid("options", "the past, and what need not be fresh, is read by a call of its own");
        }
    }

    /** The caller has taken its answers: there is room for more. */
    @Override
    public void sent(CallStream<StreamedRead, StreamedReadAnswer> stream) {
        askNext(stream);
    }

    @Override
    public synchronized void over() {
        waiting.clear();
    }

    /** One question at a time: what comes while one is under way needs a later one, since it may ask for what was written since. */
    private void askNext(CallStream<StreamedRead, StreamedReadAnswer> stream) {
        List<Waiting> group;
        synchronized (this) {
            if (isAsking || waiting.isEmpty() || stream.isOver() || stream.answerBytes() >= ANSWER_BYTES_MAX) {
                return;
            }
            isAsking = true;
            group = List.copyOf(waiting);
            waiting.clear();
        }
        ask(group, stream);
    }

    private void ask(List<Waiting> group, CallStream<StreamedRead, StreamedReadAnswer> stream) {
        Caller patient = group.get(0).caller();
        for (Waiting read : group) {
            patient = patient.timeLeft().compareTo(read.caller().timeLeft()) < 0 ? read.caller() : patient;
        }
        try {
            var unused = state.read(patient, null, ReadPoint.NOW, view -> answer(group, view, stream))
                    .whenComplete((answers, failure) -> {
                        if (failure == null) {
                            over(group, answers);
                            stream.answerHere(answers);
                            askNext(stream);
                        } else {
                            refused(group, failure, stream);
                        }
                    });
        } catch (ServiceException e) {
            refused(group, e, stream);
        }
    }

    /** What has failed may say so in a thread that has other waits to end. */
    private void refused(List<Waiting> group, Throwable failure, CallStream<StreamedRead, StreamedReadAnswer> stream) {
        List<StreamedReadAnswer> answers =
                group.stream().map(read -> failed(read.number(), failure)).toList();
        over(group, answers);
        stream.answer(answers);
        askNext(stream);
    }

    /** The answers are those of the first of the group; the rest waits on. */
    private void over(List<Waiting> group, List<StreamedReadAnswer> answers) {
        synchronized (this) {
            isAsking = false;
        }
        for (int i = 0; i < answers.size(); i++) {
            StreamedReadAnswer answer = answers.get(i);
            tally.ended(group.get(i).arrivedNanos(), answer.hasError() ? answer.getError() : null);
        }
    }

    /** Those for whose answers there is no room wait on, before those that came later. */
    private List<StreamedReadAnswer> answer(
            List<Waiting> group, StateView view, CallStream<StreamedRead, StreamedReadAnswer> stream) {
        List<StreamedReadAnswer> answers = new ArrayList<>(group.size());
        long room = ANSWER_BYTES_MAX - stream.answerBytes();
        int read = 0;
        for (; read < group.size() && room > 0; read++) {
            StreamedReadAnswer answer = answer(group.get(read), view);
            room -= answer.getSerializedSize();
            answers.add(answer);
        }
        synchronized (this) {
            for (int left = group.size() - 1; left >= read; left--) {
                waiting.addFirst(group.get(left));
            }
        }
        return answers;
    }

    /** What is no refusal is no answer either: a store that cannot be read ends this node. */
    private StreamedReadAnswer answer(Waiting read, StateView view) {
        try {
            GetStateResponse response = reads.find(read.caller(), read.place(), view);
            if (response.getSerializedSize() > limits.responseBytesMax()) {
                throw Refusals.limitExceeded(
                        "responseBytesMax", limits.responseBytesMax(), response.getSerializedSize());
            }
            return StreamedReadAnswer.newBuilder()
                    .setNumber(read.number())
                    .setState(response)
                    .build();
        } catch (ServiceException | CompactedException e) {
            return failed(read.number(), e);
        }
    }

    private static StreamedReadAnswer failed(long number, Throwable failure) {
        return StreamedReadAnswer.newBuilder()
                .setNumber(number)
                .setError(StatusMapper.toError(failure))
                .build();
    }
}
