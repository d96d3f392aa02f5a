package io.statehouse.raft;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.state.Applied;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells when the leader has to log the digest of its rows, so that every replica finds out soon whether it holds the same.
 *
 * <p>Nothing is logged while nothing is committed. The comparison is apply's; what it finds stops the process.
 */
final class DigestChecks {
    /** At the latest so long after a commit: half of the time within which a divergence must be found. */
    private static final Duration CHECK_EVERY = Duration.ofSeconds(5);

    private static final long CHECK_EVERY_ENTRIES = 1_000;

    private CommitTs checked = CommitTs.ZERO;
    private long checkedIndex;
    private long checkedNanos = System.nanoTime();

    /** The check to log now, if there is one. */
    Optional<CheckDigest> due(Applied applied) {
        long now = System.nanoTime();
        boolean isDue = now - checkedNanos >= CHECK_EVERY.toNanos()
                || applied.position().index() - checkedIndex >= CHECK_EVERY_ENTRIES;
        if (!isDue || !applied.commitTs().isAfter(checked)) {
            return Optional.empty();
        }
        checked = applied.commitTs();
        checkedIndex = applied.position().index();
        checkedNanos = now;
        return Optional.of(new CheckDigest(applied.commitTs(), applied.digest()));
    }
}
