package io.statehouse.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.statemachine.codec.LogCodec;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.decide.Reply;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftClientReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private static final long PATIENCE_SECONDS = 20;

    private final LinkedBlockingQueue<Submitted> submitted = new LinkedBlockingQueue<>();
    private final Queue<Runnable> answers = new ConcurrentLinkedQueue<>();
    private volatile Runnable onSubmission = () -> {};
    private final GroupCommit proposals = groupCommit();

    private record Submitted(Thread by, LoggedBatch batch, CompletableFuture<RaftClientReply> outcome) {
        List<String> ids() {
            return batch.commands().stream()
                    .map(command -> command.txnId().value())
                    .toList();
        }
    }

    @BeforeEach
    void lead() {
        proposals.start();
        proposals.open();
    }

    @AfterEach
    void close() {
        proposals.close();
    }

    @Test
    void aLoneCommandIsProposedByItsCaller() {
        begin("a");

        assertThat(submitted.remove().by()).isEqualTo(Thread.currentThread());
    }

    @Test
    void afterItsAnswerTheNextOneIsProposedByItsCallerToo() {
        begin("a");
        answer(submitted.remove());
        begin("b");

        assertThat(submitted.remove().by()).isEqualTo(Thread.currentThread());
    }

    @Test
    void whileAnEntryIsUnderWayCallersProposeNothing() throws InterruptedException {
        begin("a");
        begin("b");

        assertThat(next().ids()).containsExactly("a");
        var second = next();
        assertThat(second.ids()).containsExactly("b");
        assertThat(second.by()).isNotEqualTo(Thread.currentThread());
    }

    @Test
    void whatComesWhileACallerProposesIsAppendedAfterIt() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        onSubmission = () -> {
            onSubmission = () -> {};
            begun.countDown();
            await(goOn);
        };
        var first = CompletableFuture.runAsync(() -> begin("a"));
        await(begun);
        begin("b");
        begin("c");

        assertThat(submitted).as("nobody overtakes the caller who proposes").isEmpty();
        assertThat(proposals.isIdle()).isFalse();
        goOn.countDown();

        first.join();
        assertThat(next().ids()).containsExactly("a");
        assertThat(next().ids()).containsExactly("b", "c");
    }

    @Test
    void aCallerHearsTheReplyAndNothingElseIsDoneForIt() {
        var reply = propose("a");
        var entry = submitted.remove();

        proposals.applied(entry.batch(), List.of(new Reply.Aborted()));
        entry.outcome().completeExceptionally(new IllegalStateException("Ratis speaks last"));

        assertThat(answers).as("one task for the thread of the replies").hasSize(1);
        answers.remove().run();
        assertThat(reply).isCompletedWithValue(new Reply.Aborted());
        assertThat(proposals.isIdle()).isTrue();
    }

    @Test
    void aRefusedEntryFreesItsSlotAndFailsItsCallers() {
        var reply = propose("a");
        submitted.remove().outcome().completeExceptionally(new IllegalStateException("refused"));
        answers.remove().run();

        assertThat(reply.exceptionNow()).isInstanceOf(LogException.Unavailable.class);
        assertThat(proposals.isIdle()).isTrue();
    }

    @Test
    void anErrorInACallersThreadIsSeenByTheWatchdog() {
        onSubmission = () -> {
            throw new StackOverflowError("deep");
        };
        assertThat(proposals.isAlive()).isTrue();

        assertThatThrownBy(() -> begin("a")).isInstanceOf(StackOverflowError.class);

        assertThat(proposals.isAlive()).isFalse();
    }

    private void begin(String txnId) {
        var unused = propose(txnId);
    }

    private CompletableFuture<Reply> propose(String txnId) {
        return proposals.propose(PendingCommand.of(Commands.put(txnId, "k", "1")));
    }

    private void answer(Submitted entry) {
        proposals.applied(entry.batch(), List.of(new Reply.Aborted()));
        answers.remove().run();
    }

    private Submitted next() throws InterruptedException {
        var next = submitted.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("an entry").isNotNull();
        return next;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private GroupCommit groupCommit() {
        var self = new Member("n1", "127.0.0.1:1", "127.0.0.1:2");
        var random = new Random(1);
        var surroundings = new RunningMember.Surroundings(
                Clock.systemUTC(), random, (code, reason, cause) -> {}, LogObserver.NONE, properties -> {});
        return new GroupCommit(
                new GroupCommit.Wiring(
                        RaftOptions.of(self, List.of(self), Path.of("."), FirstStart.FOUND),
                        new LeaderStamp(Clock.systemUTC(), random),
                        surroundings,
                        answers::add),
                this::submit,
                new Leads());
    }

    private CompletableFuture<RaftClientReply> submit(long batchId, byte[] entry) {
        onSubmission.run();
        var outcome = new CompletableFuture<RaftClientReply>();
        submitted.add(new Submitted(Thread.currentThread(), LogCodec.decode(ByteBuffer.wrap(entry)), outcome));
        return outcome;
    }

    /** Refuses as a member does that has just lost its leadership. */
    private static final class Leads implements GroupCommit.Leadership {
        @Override
        public LogException refusal() {
            return new LogException.NotLeader(null);
        }

        @Override
        public LogException refusal(@Nullable Throwable cause) {
            return new LogException.Unavailable("the entry was not taken into the log", cause);
        }
    }
}
