package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.client.ClusterStatus;
import io.statehouse.client.MemberRole;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Scene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Signs from outside that something happened. */
public final class Evidence {
    private static final long LAG_COMMITS_MIN = 20;

    private Evidence() {}

    /** Somebody else leads, in a higher term; null while nobody does. */
    public static @Nullable String newLeader(Scene scene, NodeProcess before, long term) {
        var leader = scene.cluster().leader();
        if (leader == null || leader == before) {
            return null;
        }
        long now = scene.termOf(leader);
        return now > term ? leader.id() + " leads in term " + now + " after term " + term : null;
    }

    /** A node that led says that it leads no more; null while it does, or does not answer. */
    public static @Nullable String steppedDown(Scene scene, NodeProcess leader) {
        ClusterStatus status = scene.status(leader);
        return status == null || status.role() == MemberRole.LEADER
                ? null
                : leader.id() + " is " + status.role() + " in term " + status.term();
    }

    /** The kernel says that the process is stopped; null while it is not. */
    public static @Nullable String stopped(NodeProcess node) {
        try {
            return Files.readString(Path.of("/proc/" + node.pid() + "/status"))
                    .lines()
                    .filter(line -> line.startsWith("State:\tT"))
                    .findFirst()
                    .map(line -> "the kernel says " + line.replace('\t', ' '))
                    .orElse(null);
        } catch (IOException e) {
            // Gone between two looks: not stopped.
            return null;
        }
    }

    /** A node has applied less and less of what another has; null while it keeps up. */
    public static @Nullable String lagging(Scene scene, NodeProcess node, NodeProcess behind) {
        ClusterStatus here = scene.status(node);
        ClusterStatus there = scene.status(behind);
        long lag = here == null || there == null ? 0 : there.appliedCommitTs() - here.appliedCommitTs();
        return lag >= LAG_COMMITS_MIN ? node.id() + " is " + lag + " commits behind " + behind.id() : null;
    }
}
