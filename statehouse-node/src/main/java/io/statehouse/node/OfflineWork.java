package io.statehouse.node;

import io.statehouse.node.config.OfflineWish;
import io.statehouse.raft.ExitCode;
import io.statehouse.raft.OfflineRebuild;
import io.statehouse.raft.Restore;
import io.statehouse.statemachine.state.Applied;
import java.io.PrintStream;
import java.time.Instant;
import java.util.HexFormat;

/** Does the work on a data directory that no node uses, and says what came of it. */
final class OfflineWork {
    private final PrintStream out;

    OfflineWork(PrintStream out) {
        this.out = out;
    }

    ExitCode run(OfflineWish wish) {
        return switch (wish) {
            case OfflineWish.Restore restore -> restore(restore);
            case OfflineWish.Rebuild rebuild -> rebuild(rebuild);
        };
    }

    private ExitCode restore(OfflineWish.Restore wish) {
        Restore.Restored restored = Restore.run(wish.backup(), wish.dataDirectory(), wish.nodeId(), wish.point());
        Applied holds = restored.holds();
        out.println("Restored " + wish.nodeId() + " in " + wish.dataDirectory() + " up to commit_ts " + restored.at()
                + " of " + Instant.ofEpochMilli(holds.wallMillis()) + ", chain "
                + HexFormat.of().formatHex(holds.chainHash()) + ", state " + holds.digest());
        out.println("Restore every founding member like this, then start them all.");
        return ExitCode.OK;
    }

    private ExitCode rebuild(OfflineWish.Rebuild wish) {
        OfflineRebuild.Outcome outcome = OfflineRebuild.run(wish.dataDirectory());
        if (outcome.difference() != null) {
            out.println(
                    "The state in " + wish.dataDirectory() + " is not what its events make: " + outcome.difference());
            return ExitCode.STATE_UNTRUSTED;
        }
        out.println("The state in " + wish.dataDirectory() + " is what its events make, up to commit_ts " + outcome.at()
                + ", chain " + outcome.chainHash() + ", state " + outcome.digest());
        return ExitCode.OK;
    }
}
