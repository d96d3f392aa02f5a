package io.statehouse.raft;

import io.statehouse.statemachine.decide.Reply;
import java.util.List;

/** Gives each caller of a batch its own reply. */
final class Replies {
    private Replies() {}

    static void complete(List<PendingCommand> batch, List<Reply> replies) {
        if (batch.size() != replies.size()) {
            throw new IllegalStateException(batch.size() + " commands have " + replies.size() + " replies");
        }
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).reply().complete(replies.get(i));
        }
    }
}
