package io.statehouse.raft;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * One stage of a batch of commits, for Java Flight Recorder; costs next to nothing while nobody records.
 *
 * <p>On the leader {@code propose}, {@code replicate} and {@code answer}, tied together by the batch; on every replica
 * {@code apply}, by the log index; and {@code flush}, which commits do not wait for.
 */
@Name("io.statehouse.CommitStage")
@Label("Commit Stage")
@Category("Statehouse")
@Description("A stage of a batch of commits on its way through this member")
@StackTrace(false)
final class CommitStage extends Event {
    static final String PROPOSE = "propose";
    static final String REPLICATE = "replicate";
    static final String ANSWER = "answer";
    static final String APPLY = "apply";
    static final String FLUSH = "flush";

    @Label("Stage")
    final String stage;

    @Label("Batch")
    @Description("The number the leader gave the batch; 0 on other stages than its own")
    final long batch;

    @Label("Log Index")
    @Description("Where the entry is in the log; 0 before it is known")
    final long index;

    @Label("Commands")
    int commands;

    @Label("Bytes")
    @DataAmount
    int bytes;

    @Label("Queued")
    @Description("How long the first command had waited before its batch was made")
    @Timespan
    long queued;

    private CommitStage(String stage, long batch, long index) {
        this.stage = stage;
        this.batch = batch;
        this.index = index;
    }

    /** A stage of the leader's, from now on. */
    static CommitStage ofBatch(String stage, long batch) {
        var event = new CommitStage(stage, batch, 0);
        event.begin();
        return event;
    }

    /** A stage of any replica's, from now on. */
    static CommitStage atIndex(String stage, long index) {
        var event = new CommitStage(stage, 0, index);
        event.begin();
        return event;
    }
}
