package io.statehouse.cluster.check.history;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was answered. */
public sealed interface Response {

    /**
     * Committed.
     *
     * @param versions the version each operation made, in their order
     * @param isReplayed the answer of an earlier try
     */
    record Committed(CommitTs commitTs, List<Long> versions, boolean isReplayed) implements Response {
        public Committed {
            versions = List.copyOf(versions);
        }
    }

    /** A condition on this key did not hold; the numbers are those of the key at that moment. */
    record Conflict(Key key, long currentVersion, CommitTs currentCommitTs) implements Response {}

    /** Refused for any other reason; the code is the name of the contract's error code. */
    record Refused(String code, String message) implements Response {
        /** What was asked about is not there. */
        public static final String KEY_NOT_FOUND = "KEY_NOT_FOUND";
    }

    /**
     * What a read found; a key without a value has null, a key never written version 0 as well.
     *
     * @param readTs the state that answered
     */
    record Found(@Nullable Json value, long version, CommitTs commitTs, CommitTs readTs) implements Response {}

    /** What a scan found, in the order it came. */
    record Scanned(List<Row> rows, CommitTs readTs) implements Response {
        public Scanned {
            rows = List.copyOf(rows);
        }
    }

    /** One row of a scan. */
    record Row(String name, Json value, long version, CommitTs commitTs) {}

    /**
     * A committed transaction over lists.
     *
     * @param reads what each read step saw, in the order of the read steps
     */
    record Lists(List<List<Long>> reads, CommitTs commitTs) implements Response {
        public Lists {
            reads = reads.stream().map(List::copyOf).toList();
        }
    }

    /**
     * The fate of a transaction.
     *
     * @param status COMMITTED, ABORTED, REFUSED or UNKNOWN
     * @param commitTs zero unless committed
     */
    record Fate(String status, CommitTs commitTs) implements Response {
        public static final String COMMITTED = "COMMITTED";
        public static final String ABORTED = "ABORTED";
        public static final String REFUSED = "REFUSED";
        public static final String UNKNOWN = "UNKNOWN";
    }

    /** A staged transaction was opened. */
    record Begun(TxnId txnId) implements Response {}

    /** What a method of the agent layer answered. */
    record Answered(Json json) implements Response {}

    /** Done; there is nothing to say. */
    record Done() implements Response {}
}
