package io.statehouse.statemachine.command;

import java.util.List;

/**
 * One entry of the replicated log: the commands of many callers, decided one after another.
 *
 * @param proposerId random per process, so that a leader recognises its own batches
 * @param batchId counted by the proposer
 */
public record LoggedBatch(Stamp stamp, long proposerId, long batchId, List<Command> commands) {
    public LoggedBatch {
        commands = List.copyOf(commands);
    }
}
