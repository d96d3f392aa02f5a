package io.statehouse.node.service;

import io.statehouse.statemachine.Grant;
import io.statehouse.statemachine.Role;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.event.CommittedTransaction;
import java.util.List;

/**
 * Whoever looks at events page by page: what was allowed at the first may not be at the next.
 *
 * @param namespace what is looked at; {@code *} = all of them
 */
public record Viewer(AccessPolicy policy, Caller caller, String namespace) {
    /** Whoever may look at everything. */
    public static final Viewer OF_ALL = new Viewer(
            AccessPolicy.OPEN,
            new Caller(
                    new Authority("", "", "", new AccessPolicy.Arrival("", null, "", Trace.NONE)),
                    Caller.Hop.FREE,
                    Long.MAX_VALUE),
            Grant.EVERYWHERE);

    /** Throws when the caller may not look any more. */
    void require() {
        policy.require(caller, Role.READER, namespace);
    }

    /** An event without the versions it had read in namespaces that the caller may not look at. */
    CommittedTransaction shown(CommittedTransaction event) {
        if (event.readSet().isEmpty()) {
            return event;
        }
        List<ReadRecord> seen = event.readSet().stream()
                .filter(read ->
                        policy.permits(caller, Role.READER, read.key().agent().namespace()))
                .toList();
        return seen.size() == event.readSet().size()
                ? event
                : new CommittedTransaction(
                        event.commitTs(), event.wallMillis(), event.txnId(), event.events(), seen, event.origin());
    }
}
