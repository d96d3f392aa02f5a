package io.statehouse.statemachine;

import io.statehouse.statemachine.command.CheckDigest;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.CreateToken;
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.RaiseFeatureLevel;
import io.statehouse.statemachine.command.ResolveTransaction;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.RevokeToken;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.command.SetRetention;

/**
 * What a log may hold, counted up with each release that adds commands or fields of them.
 *
 * <p>A member halts at what it does not know, so a cluster uses a level only when all its members know it. The level in force
 * is part of the replicated state, and never falls.
 */
public final class FeatureLevel {
    /** What every release knows. */
    public static final int FIRST = 1;

    /** Which token a revocation means. */
    public static final int NAMED_REVOCATIONS = 2;

    /** Tokens that expire. */
    public static final int TOKEN_EXPIRY = 2;

    /** Quotas of namespaces. */
    public static final int QUOTAS = 2;

    /** Appends to lists, and edits of values. */
    public static final int EDITS = 3;

    /** The highest that this release knows. */
    public static final int LATEST = EDITS;

    private FeatureLevel() {}

    /** The level at which the log may hold a command. */
    public static int of(Command command) {
        return switch (command) {
            case CommitTransaction commit ->
                commit.operations().stream().mapToInt(FeatureLevel::of).max().orElse(FIRST);
            case ResolveTransaction resolve -> FIRST;
            case CheckDigest check -> FIRST;
            case ExpireDue due -> FIRST;
            case RetainDue due -> FIRST;
            case SetRetention set -> FIRST;
            case CreateToken create -> create.token().expiresMillis() == 0 ? FIRST : TOKEN_EXPIRY;
            case RevokeToken revoke -> revoke.secretSha256().isEmpty() ? FIRST : NAMED_REVOCATIONS;
            case SetQuota set -> QUOTAS;
            case RaiseFeatureLevel raise -> raise.level();
        };
    }

    private static int of(Operation operation) {
        return switch (operation) {
            case Operation.Put put -> FIRST;
            case Operation.Delete delete -> FIRST;
            case Operation.Append append -> EDITS;
            case Operation.Edit edit -> EDITS;
        };
    }
}
