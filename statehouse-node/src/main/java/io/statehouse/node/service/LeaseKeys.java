package io.statehouse.node.service;

import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Condition;

/** The keys that stand for leases, so that a condition on one can be told from any other. */
public final class LeaseKeys {
    /** The agent whose keys they are, in every namespace. */
    public static final String AGENT = "@leases";

    /** Before the name of a resource: who holds it, for as long as it is held. */
    public static final String HELD = "held/";

    /** Before the name of a resource: written whenever it is taken; the version is the fencing token. */
    public static final String TOKEN = "token/";

    /** Before the hash of a resource's name: the list of who waits for it. No such name begins another, so no list holds one. */
    public static final String QUEUE = "queue/";

    private LeaseKeys() {}

    /** Whether a condition of a transaction names a lease that its caller should hold, and does not take. */
    static boolean isFence(CommitTransaction transaction, int condition) {
        if (condition < 0 || condition >= transaction.conditions().size()) {
            return false;
        }
        Condition failed = transaction.conditions().get(condition);
        boolean isOfLease = failed.key().agent().id().equals(AGENT)
                && (failed instanceof Condition.VersionEquals || failed instanceof Condition.Exists);
        return isOfLease
                && transaction.operations().stream()
                        .noneMatch(operation -> operation.key().name().startsWith(TOKEN)
                                && operation.key().agent().equals(failed.key().agent()));
    }

    /** The resource that a key of a lease is about. */
    static String resourceOf(Key key) {
        String name = key.name();
        return name.substring(name.indexOf('/') + 1);
    }
}
