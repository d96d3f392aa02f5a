package io.statehouse.raft;

import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/** What went wrong in Ratis, in the words of this module. The only place that translates. */
final class RatisFailures {
    private RatisFailures() {}

    /** Why a member that does not lead, or not yet, cannot do what only a leader can. */
    static LogException notLeading(RaftServer.Division division) {
        Member leader = Members.leader(division);
        if (leader != null && leader.id().equals(Members.name(division.getId()))) {
            return new LogException.Unavailable("this leader has not applied yet what earlier leaders committed", null);
        }
        return new LogException.NotLeader(leader);
    }

    /** The failure of an entry that never reached the log: nothing was or will be applied. */
    static LogException refused(RaftServer.Division division, @Nullable Throwable cause) {
        if (unwrap(cause) instanceof NotLeaderException) {
            return notLeading(division);
        }
        if (unwrap(cause) instanceof LogException known) {
            return known;
        }
        return new LogException.Unavailable("the entry was not taken into the log", unwrap(cause));
    }

    /** The failure of an entry that may be in a log somewhere and may be applied yet. */
    static LogException lost(@Nullable Throwable cause) {
        return new LogException.OutcomeUnknown(
                "the entry was handed to replication and its confirmation was lost", unwrap(cause));
    }

    /** The failure of a wait that changed nothing. */
    static LogException waiting(Throwable cause) {
        Throwable root = unwrap(cause);
        if (root instanceof LogException known) {
            return known;
        }
        if (root instanceof TimeoutException) {
            return new LogException.Unavailable("no majority confirmed in time", root);
        }
        if (root instanceof StatusRuntimeException status) {
            return new LogException.Unavailable("the leader did not confirm: " + status.getStatus(), root);
        }
        return new LogException.Unavailable("this member could not find out what it may serve", root);
    }

    /** The failure of a change of members; asked for again, it goes on from what there is. */
    static LogException notChanged(@Nullable Throwable cause) {
        Throwable root = unwrap(cause);
        String unfinished = "the change of the members was not finished";
        if (root == null) {
            return new LogException.Unavailable(unfinished, null);
        }
        return switch (root) {
            case LogException known -> known;
            case ReconfigurationInProgressException busy ->
                new LogException.Unavailable("a change of the members is under way", busy);
            case ReconfigurationTimeoutException silent ->
                new LogException.Unavailable("the new member stopped answering while it was copied to", silent);
            case SetConfigurationException other ->
                new LogException.Unavailable("the members were changed by somebody else meanwhile", other);
            default -> new LogException.Unavailable(unfinished, root);
        };
    }

    static @Nullable Throwable unwrap(@Nullable Throwable failure) {
        Throwable root = failure;
        while (root instanceof CompletionException && root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
