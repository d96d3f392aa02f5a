package io.statehouse.cluster.check.linear;

import io.statehouse.statemachine.Json;
import org.jspecify.annotations.Nullable;

/**
 * What one key holds.
 *
 * @param value null = none, because never written or deleted
 * @param version deletes counted; 0 = never written
 * @param commitTs of the last write; when it is not known, of an earlier one, and the last write's is larger
 */
record RegisterState(@Nullable Json value, long version, long commitTs, boolean isCommitTsKnown) {
    static final RegisterState NEVER_WRITTEN = new RegisterState(null, 0, 0, true);

    /** Whether this commit_ts may be the last write's. */
    boolean mayBeOf(long other) {
        return isCommitTsKnown ? other == commitTs : other > commitTs;
    }

    RegisterState at(long known) {
        return new RegisterState(value, version, known, true);
    }
}
