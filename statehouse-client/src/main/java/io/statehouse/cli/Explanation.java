package io.statehouse.cli;

import io.statehouse.client.BackupFailedException;
import io.statehouse.client.StatehouseException;
import io.statehouse.client.StatehouseException.OutcomeUnknown;
import io.statehouse.client.StatehouseException.Refused;
import io.statehouse.client.StatehouseException.Unavailable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** One line per failure: what happened, and what to do next. */
final class Explanation {
    private Explanation() {}

    static String of(Throwable failure, Session session) {
        if (failure instanceof StatehouseException known) {
            return of(known, session);
        }
        if (failure instanceof Complaint complaint) {
            return String.valueOf(complaint.getMessage());
        }
        if (failure instanceof NoSuchFileException missing) {
            return "there is no file " + missing.getFile();
        }
        if (failure instanceof BackupFailedException failed) {
            return String.valueOf(failed.getMessage());
        }
        if (failure instanceof IOException) {
            return "cannot read or write: " + failure.getMessage();
        }
        return "unexpected " + failure.getClass().getSimpleName() + ": " + failure.getMessage()
                + "; with STATEHOUSE_DEBUG=1 the stack trace is shown, please report it";
    }

    private static String of(StatehouseException failure, Session session) {
        if (failure instanceof Refused refused) {
            String next = nextAfter(refused);
            return refused.code() + ": " + refused.getMessage() + (next.isEmpty() ? "" : "; " + next);
        }
        if (failure instanceof OutcomeUnknown unknown) {
            String id = unknown.transactionId();
            return "OUTCOME_UNKNOWN: " + unknown.getMessage() + "; it may or may not have been applied: run "
                    + "statehousectl txn resolve " + id + ", or repeat the command with --txn-id " + id;
        }
        var unavailable = (Unavailable) failure;
        return "UNAVAILABLE: " + unavailable.getMessage() + "; is a node running at "
                + String.join(", ", session.clientOptions().endpoints())
                + "? See --address and --timeout";
    }

    private static String nextAfter(Refused refused) {
        return switch (refused.code()) {
            case CONFLICT -> since(refused, "current_version", "its version is ") + "read it again and decide anew";
            case TRANSACTION_ID_REUSED -> "leave --txn-id out, or repeat exactly what was sent under it";
            case TRANSACTION_EXPIRED, TRANSACTION_LOST, TRANSACTION_ABORTED -> "nothing was applied: begin anew";
            case COMPACTED -> since(refused, "oldest_commit_ts", "the oldest kept is ") + "ask for a later point";
            case FUTURE_POINT -> since(refused, "latest_commit_ts", "the latest is ") + "ask for an earlier point";
            case QUOTA_EXCEEDED -> "delete what is not needed, or have it raised: statehousectl quota set";
            case STORAGE_FULL -> "free space on the nodes' disks";
            case UNSUPPORTED -> "the server is older than this statehousectl; see statehousectl version";
            case INVALID_REQUEST,
                    NOT_APPLICABLE,
                    RULE_BROKEN,
                    FENCED,
                    LIMIT_EXCEEDED,
                    TRANSACTION_NOT_FOUND,
                    TRANSACTION_ALREADY_COMMITTED,
                    KEY_NOT_FOUND,
                    VERSION_NOT_FOUND,
                    UNAUTHENTICATED,
                    PERMISSION_DENIED,
                    CHANGE_REFUSED,
                    OTHER -> "";
        };
    }

    // What the server's own words say already is not said twice.
    private static String since(Refused refused, String detail, String words) {
        String number = refused.details().get(detail);
        boolean isSaid = number == null || String.valueOf(refused.getMessage()).contains(number);
        return isSaid ? "" : words + number + ": ";
    }
}
