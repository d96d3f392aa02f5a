package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.NodeProcess;
import io.statehouse.raft.ExitCode;

/** What became of a node whose disk it can no longer trust, in the words of the plan. */
public final class NodeEnd {
    /** It ended by itself and said why. */
    public static final String STOPPED = "stopped with " + ExitCode.STORAGE_FAILED;

    /** Its end hung in a library, which it can before Java 22, and its guard ended it. */
    public static final String GUARDED = "stopped and killed by its guard";

    /** It had room in what it had taken before. */
    public static final String SERVES = "runs on";

    private static final int KILLED = 128 + 9;

    private NodeEnd() {}

    static String of(NodeProcess node) {
        Integer status = node.exitStatus();
        if (status == null) {
            return SERVES;
        }
        if (status == KILLED) {
            return GUARDED;
        }
        return status == ExitCode.STORAGE_FAILED.number() ? STOPPED : "status " + status;
    }
}
