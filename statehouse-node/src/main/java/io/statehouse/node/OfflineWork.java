package io.statehouse.node;

import io.statehouse.node.audit.AuditProof;
import io.statehouse.node.config.OfflineWish;
import io.statehouse.raft.ExitCode;
import io.statehouse.raft.OfflineRebuild;
import io.statehouse.raft.Restore;
import io.statehouse.raft.Salvage;
import io.statehouse.raft.StartRefusedException;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.state.Applied;
import java.io.IOException;
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
            case OfflineWish.Salvage salvage -> salvage(salvage);
            case OfflineWish.RepairLog repair -> repairLog(repair);
            case OfflineWish.VerifyAudit audit -> verifyAudit(audit);
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

    private ExitCode salvage(OfflineWish.Salvage wish) {
        Salvage.Saved saved = Salvage.run(wish.dataDirectory(), wish.backup());
        out.println("Saved what " + saved.nodeId() + " holds up to commit_ts " + saved.at() + " into " + wish.backup()
                + "; its log ends at " + text(saved.last()));
        out.println("Restore every founding member of a new cluster from it: statehoused restore");
        return ExitCode.OK;
    }

    private ExitCode repairLog(OfflineWish.RepairLog wish) {
        out.println("The log in " + wish.dataDirectory() + " is whole and ends at "
                + text(Salvage.repairLog(wish.dataDirectory())));
        return ExitCode.OK;
    }

    private ExitCode verifyAudit(OfflineWish.VerifyAudit wish) {
        try {
            for (AuditProof.Stream found : AuditProof.run(wish.audit(), wish.chain())) {
                out.println("The audit " + found.name() + " is as it was written: "
                        + (found.last() < found.first() ? "no line" : "lines " + found.first() + " to " + found.last())
                        + " in " + found.files() + (found.files() == 1 ? " file" : " files") + ", chain "
                        + found.chain());
            }
            return ExitCode.OK;
        } catch (AuditProof.BrokenException e) {
            out.println("The audit is not as it was written: " + e.getMessage());
            return ExitCode.AUDIT_DAMAGED;
        } catch (IOException e) {
            throw new StartRefusedException(
                    ExitCode.STORAGE_FAILED, "cannot read the audit in " + wish.audit() + ": " + e);
        }
    }

    private static String text(LogPosition position) {
        return "term " + position.term() + ", index " + position.index();
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
