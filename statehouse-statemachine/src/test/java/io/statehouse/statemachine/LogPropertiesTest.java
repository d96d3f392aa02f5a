package io.statehouse.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.codec.LogCodec;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.history.ReplyLedger;
import io.statehouse.statemachine.state.RecentHeads;
import io.statehouse.statemachine.storage.Crash;
import io.statehouse.statemachine.storage.RocksStore;
import io.statehouse.statemachine.storage.StoreDump;
import io.statehouse.statemachine.storage.TreeStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must hold for any log at all. */
class LogPropertiesTest {
    private static final int LOGS = 20;
    private static final int LOGS_ON_DISK = 4;
    private static final int BATCHES = 60;
    private static final int COMMANDS_MAX = 6;

    private final Random random = Seed.random(LogPropertiesTest.class);

    @TempDir
    Path directory;

    @Test
    void theSameLogMakesTheSameStateOnDiskInMemoryAndInTheModel() {
        for (int log = 0; log < LOGS_ON_DISK; log++) {
            RandomLog source = new RandomLog(random);
            NaiveState model = new NaiveState(RandomLog.LIMITS);
            try (RocksStore disk = RocksStore.open(directory.resolve("same" + log));
                    TreeStore memory = new TreeStore()) {
                StateMachine onDisk = StateMachine.open(disk, RandomLog.LIMITS, anyBounds());
                StateMachine inMemory = StateMachine.open(memory, RandomLog.LIMITS);
                for (int index = 0; index < BATCHES; index++) {
                    LoggedBatch batch = source.batch(1 + random.nextInt(COMMANDS_MAX));
                    List<Reply> wanted = model.execute(batch);

                    assertThat(onDisk.execute(new LogPosition(1, index), batch)).isEqualTo(wanted);
                    assertThat(inMemory.execute(new LogPosition(1, index), batch))
                            .isEqualTo(wanted);
                }

                assertThat(onDisk.digest()).isEqualTo(inMemory.digest());
                assertThat(onDisk.chainHash()).isEqualTo(inMemory.chainHash());
                assertThat(StoreDump.of(disk)).isEqualTo(StoreDump.of(memory));
                for (StateMachine state : List.of(onDisk, inMemory)) {
                    new ModelComparison(model, state, random).compareAll(source.ids());
                }
            }
        }
    }

    @Test
    void anyGroupingIntoBatchesMakesTheSameRows() {
        for (int log = 0; log < LOGS; log++) {
            RandomLog source = new RandomLog(random);
            Stamp stamp = source.stamp();
            List<Command> commands =
                    Stream.generate(source::command).limit(BATCHES * 2).toList();
            TreeStore oneByOne = new TreeStore();
            TreeStore grouped = new TreeStore();

            StateMachine first = run(oneByOne, group(commands, stamp, 1));
            StateMachine second = run(grouped, group(commands, stamp, 1 + random.nextInt(commands.size())));

            assertThat(second.digest()).isEqualTo(first.digest());
            assertThat(second.chainHash()).isEqualTo(first.chainHash());
            assertThat(StoreDump.of(grouped)).isEqualTo(StoreDump.of(oneByOne));
        }
    }

    @Test
    void aCrashAtAnyPointLeavesAPrefixFromWhichTheLogLeadsToTheSameState() {
        for (int log = 0; log < LOGS_ON_DISK; log++) {
            List<LoggedBatch> batches = new RandomLog(random).batches(BATCHES, COMMANDS_MAX);
            TreeStore calm = new TreeStore();
            StateMachine twin = StateMachine.open(calm, RandomLog.LIMITS);
            List<List<Reply>> wanted = executeAll(twin, batches);
            Path home = directory.resolve("crash" + log);

            int next = 0;
            while (next < batches.size()) {
                RocksStore store = RocksStore.open(home);
                StateMachine state = StateMachine.open(store, RandomLog.LIMITS, anyBounds());
                LogPosition survived = state.applied();
                // The log is delivered again from somewhere at or before what survived.
                int from = random.nextInt((int) survived.index() + 2);
                int until = Math.min(batches.size(), from + 1 + random.nextInt(BATCHES / 2));
                for (next = from; next < until; next++) {
                    List<Reply> replies = state.execute(new LogPosition(1, next), batches.get(next));
                    assertSameFate(batches.get(next), replies, wanted.get(next), next <= survived.index());
                    if (random.nextInt(10) == 0) {
                        state.makeDurable();
                    }
                }
                if (next == batches.size()) {
                    assertThat(state.digest()).isEqualTo(twin.digest());
                    assertThat(state.chainHash()).isEqualTo(twin.chainHash());
                    assertThat(StoreDump.of(store)).isEqualTo(StoreDump.of(calm));
                }
                Crash.of(store);
            }
        }
    }

    @Test
    void aCheckpointAtAnyPointAndTheRestOfTheLogMakeTheSameRows() {
        for (int log = 0; log < LOGS_ON_DISK; log++) {
            List<LoggedBatch> batches = new RandomLog(random).batches(BATCHES, COMMANDS_MAX);
            int at = random.nextInt(batches.size());
            Path copy = directory.resolve("copy" + log);
            try (RocksStore store = RocksStore.open(directory.resolve("checkpoint" + log))) {
                StateMachine state = StateMachine.open(store, RandomLog.LIMITS, anyBounds());
                for (int index = 0; index < batches.size(); index++) {
                    if (index == at) {
                        state.checkpoint(copy);
                    }
                    state.execute(new LogPosition(1, index), batches.get(index));
                }
                try (RocksStore installed = RocksStore.open(copy)) {
                    StateMachine other = StateMachine.open(installed, RandomLog.LIMITS);
                    assertThat(other.applied().index()).isEqualTo(at - 1);
                    for (int index = at; index < batches.size(); index++) {
                        other.execute(new LogPosition(1, index), batches.get(index));
                    }

                    assertThat(other.progress().position())
                            .isEqualTo(state.progress().position());
                    assertThat(StoreDump.of(installed)).isEqualTo(StoreDump.of(store));
                }
            }
        }
    }

    /** Of the heads in memory only: all, none, or some. */
    private RecentHeads.Bounds anyBounds() {
        return new RecentHeads.Bounds(random.nextInt(30), 1 + random.nextInt(60), 1 << 20);
    }

    @Test
    void aBatchIsTheSameAfterTheLog() {
        RandomLog source = new RandomLog(random);
        for (int made = 0; made < 2_000; made++) {
            LoggedBatch batch = source.batch(1 + random.nextInt(COMMANDS_MAX));

            LoggedBatch read = LogCodec.decode(ByteBuffer.wrap(LogCodec.encode(batch)));

            assertThat(read.commands()).isEqualTo(batch.commands());
            assertThat(read.stamp().salt()).isEqualTo(batch.stamp().salt());
            assertThat(read.stamp().proposedWallMillis())
                    .isEqualTo(batch.stamp().proposedWallMillis());
            assertThat(read.proposerId()).isEqualTo(batch.proposerId());
            assertThat(read.batchId()).isEqualTo(batch.batchId());
        }
    }

    /**
     * A batch that was applied before the crash is answered from the ledger: as it was then, unless that is forgotten. An id
     * that does not say when it was made may have been used again since.
     */
    private static void assertSameFate(LoggedBatch batch, List<Reply> replies, List<Reply> wanted, boolean isRepeated) {
        for (int index = 0; index < wanted.size(); index++) {
            Reply reply = replies.get(index);
            if (!isRepeated) {
                assertThat(reply).isEqualTo(wanted.get(index));
            } else if (!batch.commands().get(index).txnId().value().startsWith("opaque")) {
                assertThat(reply).isIn(wanted.get(index), ReplyLedger.repeated(wanted.get(index)), forgotten(reply));
            }
        }
    }

    private static Reply forgotten(Reply reply) {
        return reply instanceof Reply.IdExpired expired ? expired : new Reply.Aborted();
    }

    private static List<List<Reply>> executeAll(StateMachine state, List<LoggedBatch> batches) {
        List<List<Reply>> replies = new ArrayList<>();
        for (int index = 0; index < batches.size(); index++) {
            replies.add(state.execute(new LogPosition(1, index), batches.get(index)));
        }
        return replies;
    }

    private static StateMachine run(TreeStore store, List<LoggedBatch> batches) {
        StateMachine state = StateMachine.open(store, RandomLog.LIMITS);
        executeAll(state, batches);
        return state;
    }

    private List<LoggedBatch> group(List<Command> commands, Stamp stamp, int sizeMax) {
        List<LoggedBatch> batches = new ArrayList<>();
        for (int from = 0; from < commands.size(); ) {
            int to = Math.min(commands.size(), from + 1 + random.nextInt(sizeMax));
            batches.add(new LoggedBatch(stamp, 1, batches.size(), commands.subList(from, to)));
            from = to;
        }
        return batches;
    }
}
