package io.statehouse.cluster.chaos.scenario;

import io.statehouse.cluster.fault.LoopDisk;
import io.statehouse.cluster.fault.NetworkLab;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a case needs its three nodes to stand on. Start from {@link #PLAIN} and ask for more.
 *
 * @param hasNetwork each node is a host of its own, and the cables between hosts can be cut
 * @param hasPeerProxies what members say to each other passes a proxy for each direction; needs the network
 * @param hasClientProxies what clients say to a node, and nodes forward to each other, passes a proxy
 * @param diskMegabytes each node has a disk of its own of this size; 0 = a directory
 * @param settings of every node, by the names of their environment variables
 */
public record Shape(
        boolean hasNetwork,
        boolean hasPeerProxies,
        boolean hasClientProxies,
        int diskMegabytes,
        Map<String, String> settings) {
    /** Processes on loopback, directories on the machine's disk. */
    public static final Shape PLAIN = new Shape(false, false, false, 0, Map.of());

    /** Copies the settings. */
    public Shape {
        settings = Map.copyOf(settings);
    }

    /** With hosts in network namespaces; see {@link Scene#network}. */
    public Shape withNetwork() {
        return new Shape(true, hasPeerProxies, hasClientProxies, diskMegabytes, settings);
    }

    /** With a proxy between every two members; see {@link Site#peerProxy}. */
    public Shape withPeerProxies() {
        return new Shape(true, true, hasClientProxies, diskMegabytes, settings);
    }

    /** With a proxy before every node's API; see {@link Site#clientProxy}. */
    public Shape withClientProxies() {
        return new Shape(hasNetwork, hasPeerProxies, true, diskMegabytes, settings);
    }

    /** With an ext4 disk of its own for each node; see {@link Site#disk}. */
    public Shape withDisks(int megabytes) {
        return new Shape(hasNetwork, hasPeerProxies, hasClientProxies, megabytes, settings);
    }

    /** With a setting of {@code statehoused}, such as {@code STATEHOUSE_SNAPSHOT_INTERVAL}. */
    public Shape with(String variable, String value) {
        var more = new TreeMap<>(settings);
        more.put(variable, value);
        return new Shape(hasNetwork, hasPeerProxies, hasClientProxies, diskMegabytes, more);
    }

    /** Why it cannot be built on this machine; empty when it can. */
    public String obstacle() {
        String network = hasNetwork ? NetworkLab.obstacle() : "";
        if (!network.isEmpty()) {
            return network;
        }
        String filter = hasPeerProxies ? NetworkLab.filterObstacle() : "";
        if (!filter.isEmpty()) {
            return filter;
        }
        return diskMegabytes > 0 ? LoopDisk.obstacle() : "";
    }
}
