package io.statehouse.cluster.bench.core;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Sha256;
import io.statehouse.statemachine.codec.LogCodec;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.history.HashChain;
import io.statehouse.statemachine.history.Journal;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.TreeStore;
import io.statehouse.statemachine.storage.WriteUnit;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the bytes of the log and of the journal cost, without a store to write them to. */
@State(Scope.Thread)
public class LogBenchmark {
    private static final int TRANSACTIONS = 64;

    private final TreeStore store = new TreeStore();
    private final byte[] salt = HashChain.salt(new byte[Sha256.BYTES], new CommitTs(1));
    private final Journal.Hashes hashes = new Journal.Hashes(new byte[Sha256.BYTES], StateDigest.EMPTY);
    private byte[] entry = {};
    private @Nullable LoggedBatch batch;
    private @Nullable CommittedTransaction commit;
    private byte[] event = {};

    /** Makes an entry, and a commit with its event. */
    @Setup
    public void make() {
        try (var bench = new Workbench(Engine.MEMORY)) {
            LoggedBatch made = bench.next(TRANSACTIONS);
            int unused = bench.apply(made);
            batch = made;
            entry = LogCodec.encode(made);
            commit = bench.state().journal().find(new CommitTs(1));
            // As long as an event is.
            event = LogCodec.encode(bench.next(1));
        }
    }

    /** Transactions, 64 to an entry. */
    @Benchmark
    @OperationsPerInvocation(TRANSACTIONS)
    public byte[] encode() {
        return LogCodec.encode(Objects.requireNonNull(batch));
    }

    /** Transactions, 64 to an entry. */
    @Benchmark
    @OperationsPerInvocation(TRANSACTIONS)
    public LoggedBatch decode() {
        return LogCodec.decode(ByteBuffer.wrap(entry));
    }

    /** Commits put into a unit of rows, the commitment to the value and the rows of the indexes included. */
    @Benchmark
    public byte[] journalAppend() {
        try (var unit = new WriteUnit(store)) {
            return Journal.append(Objects.requireNonNull(commit), salt, hashes, unit);
        }
    }

    /** Links of the chain over events. */
    @Benchmark
    public byte[] chain() {
        return HashChain.next(hashes.chain(), event);
    }
}
