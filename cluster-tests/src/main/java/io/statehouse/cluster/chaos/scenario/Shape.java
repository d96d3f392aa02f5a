package io.statehouse.cluster.chaos.scenario;

import io.statehouse.cluster.fault.FakeClock;
import io.statehouse.cluster.fault.LoopDisk;
import io.statehouse.cluster.fault.NetworkLab;
import io.statehouse.cluster.fault.SyscallInjector;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a case needs its three nodes to stand on. Start from {@link #PLAIN} and ask for more.
 *
 * @param links what is between the nodes
 * @param hasClientProxies what clients say to a node, and nodes forward to each other, passes a proxy
 * @param diskMegabytes each node has a disk of its own of this size; 0 = a directory
 * @param settings of every node, by the names of their environment variables
 * @param tools what faults need of the machine beside that
 */
public record Shape(
        Links links, boolean hasClientProxies, int diskMegabytes, Map<String, String> settings, Set<Tool> tools) {
    /** Processes on loopback, directories on the machine's disk. */
    public static final Shape PLAIN = new Shape(Links.LOOPBACK, false, 0, Map.of(), Set.of());

    /** Means of faults that not every machine has. */
    public enum Tool {
        /** System calls can be made to fail, to wait or to kill. */
        CALLS,
        /** Each node has a wall clock of its own. */
        CLOCKS
    }

    /** What is between the nodes; each has what those before it have. */
    public enum Links {
        /** Nothing that could be broken. */
        LOOPBACK,
        /** Each node is a host of its own; cables can be cut, each direction for itself. */
        CABLES,
        /** Packets can be lost by chance. */
        FILTERS,
        /** What members say to each other passes a proxy for each direction. */
        PROXIES
    }

    /** Copies the settings. */
    public Shape {
        settings = Map.copyOf(settings);
        tools = Set.copyOf(tools);
    }

    /** With hosts in network namespaces; see {@link Scene#network}. */
    public Shape withNetwork() {
        return with(Links.CABLES);
    }

    /** With hosts that can lose packets. */
    public Shape withPacketFilters() {
        return with(Links.FILTERS);
    }

    /** With a proxy between every two members; see {@link Site#peerProxy}. */
    public Shape withPeerProxies() {
        return with(Links.PROXIES);
    }

    private Shape with(Links asked) {
        return new Shape(has(asked) ? links : asked, hasClientProxies, diskMegabytes, settings, tools);
    }

    /** With a proxy before every node's API; see {@link Site#clientProxy}. */
    public Shape withClientProxies() {
        return new Shape(links, true, diskMegabytes, settings, tools);
    }

    /** With an ext4 disk of its own for each node; see {@link Site#disk}. */
    public Shape withDisks(int megabytes) {
        return new Shape(links, hasClientProxies, megabytes, settings, tools);
    }

    /** With a setting of {@code statehoused}, such as {@code STATEHOUSE_SNAPSHOT_INTERVAL}. */
    public Shape with(String variable, String value) {
        var more = new TreeMap<>(settings);
        more.put(variable, value);
        return new Shape(links, hasClientProxies, diskMegabytes, more, tools);
    }

    /** With a means of faults; see {@link Site#clock} for clocks. */
    public Shape with(Tool tool) {
        var more = new TreeSet<>(tools);
        more.add(tool);
        return new Shape(links, hasClientProxies, diskMegabytes, settings, more);
    }

    /** Whether there is at least this between the nodes. */
    public boolean has(Links least) {
        return links.compareTo(least) >= 0;
    }

    /** Why it cannot be built on this machine; empty when it can. */
    public String obstacle() {
        String network = has(Links.CABLES) ? NetworkLab.obstacle() : "";
        if (!network.isEmpty()) {
            return network;
        }
        String filter = has(Links.FILTERS) ? NetworkLab.filterObstacle() : "";
        if (!filter.isEmpty()) {
            return filter;
        }
        String disk = diskMegabytes > 0 ? LoopDisk.obstacle() : "";
        if (!disk.isEmpty()) {
            return disk;
        }
        return tools.stream()
                .sorted()
                .map(Shape::obstacle)
                .filter(obstacle -> !obstacle.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String obstacle(Tool tool) {
        return switch (tool) {
            case CALLS -> SyscallInjector.obstacle();
            case CLOCKS -> FakeClock.obstacle();
        };
    }
}
