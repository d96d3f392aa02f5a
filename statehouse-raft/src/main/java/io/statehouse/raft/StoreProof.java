package io.statehouse.raft;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.history.Verification;
import io.statehouse.statemachine.storage.Store;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Proves all of a store that nobody writes to against its journal. */
final class StoreProof {
    private StoreProof() {}

    /**
     * What a proof came to.
     *
     * @param chainHash in hex, of the last commit found right
     * @param digest in hex, as apply kept it
     * @param wrong what does not agree, and at which commit; null when everything does
     */
    record Finding(
            CommitTs verified,
            String chainHash,
            String digest,
            @Nullable String wrong) {}

    static Finding of(Store store, int rowsPerStep) {
        try (Verification verification = Verification.begin(store.snapshot(), CommitTs.ZERO)) {
            while (true) {
                Verification.Progress progress = verification.next(rowsPerStep);
                if (progress.verdict() != null) {
                    return finding(progress.verified(), Objects.requireNonNull(progress.verdict()));
                }
            }
        }
    }

    private static Finding finding(CommitTs verified, Verification.Verdict verdict) {
        String wrong = verdict.isIntact() ? null : "commit_ts " + verdict.firstBad() + ": " + verdict.reason();
        HexFormat hex = HexFormat.of();
        return new Finding(verified, hex.formatHex(verdict.chainHash()), hex.formatHex(verdict.digest()), wrong);
    }
}
