package io.statehouse.cluster.chaos.scenario;

import io.statehouse.cluster.Ground;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.fault.FakeClock;
import io.statehouse.cluster.fault.LoopDisk;
import io.statehouse.cluster.fault.NetworkLab;
import io.statehouse.cluster.fault.TcpProxy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A {@link Shape}, built: hosts, disks and proxies. Nodes are counted from 1. */
public final class Site implements Ground, AutoCloseable {
    private final Shape shape;
    private final IntFunction<RandomGenerator> chance;
    private final List<LoopDisk> disks = new ArrayList<>();
    private final List<FakeClock> clocks = new ArrayList<>();
    private final Map<Integer, TcpProxy> clientProxies = new HashMap<>();
    private final Map<Direction, TcpProxy> peerProxies = new HashMap<>();
    private final @Nullable NetworkLab network;

    private record Direction(int from, int to) {}

    private Site(Shape shape, @Nullable NetworkLab network, IntFunction<RandomGenerator> chance) {
        this.shape = shape;
        this.network = network;
        this.chance = chance;
    }

    /**
     * Builds it.
     *
     * @param directory where disks are kept
     * @param chance for proxies, by their number
     */
    public static Site build(Shape shape, Path directory, IntFunction<RandomGenerator> chance) {
        var network = shape.has(Shape.Links.CABLES) ? NetworkLab.build(ProcessCluster.SIZE) : null;
        var site = new Site(shape, network, chance);
        try {
            for (int node = 1; node <= ProcessCluster.SIZE && shape.diskMegabytes() > 0; node++) {
                site.disks.add(LoopDisk.make(directory, "disk-" + node, shape.diskMegabytes()));
            }
            for (int node = 1; node <= ProcessCluster.SIZE && shape.tools().contains(Shape.Tool.CLOCKS); node++) {
                site.clocks.add(FakeClock.at(directory.resolve("clock-" + node)));
            }
            return site;
        } catch (RuntimeException e) {
            site.close();
            throw e;
        }
    }

    /** The settings of its nodes. */
    public Map<String, String> settings() {
        var settings = new HashMap<>(shape.settings());
        if (shape.has(Shape.Links.CABLES)) {
            settings.put("STATEHOUSE_INSECURE", "true");
        }
        return settings;
    }

    @Override
    public String host(int node) {
        return network == null ? Ground.super.host(node) : network.address(node);
    }

    @Override
    public List<String> commandPrefix(int node) {
        return network == null ? Ground.super.commandPrefix(node) : network.commandPrefix(node);
    }

    @Override
    public Map<String, String> environment(int node) {
        return clocks.isEmpty() ? Map.of() : clocks.get(node - 1).environment();
    }

    @Override
    public Path dataDirectory(int node, Path usual) {
        // Beside lost+found, which is none of a node's business.
        return disks.isEmpty() ? usual : disks.get(node - 1).directory().resolve("data");
    }

    @Override
    public String reachedAt(int node, String api) {
        if (!shape.hasClientProxies()) {
            return api;
        }
        var proxy = TcpProxy.on(harness(), addressOf(api), chance.apply(node));
        clientProxies.put(node, proxy);
        return harness() + ":" + proxy.address().getPort();
    }

    @Override
    public void raftAddresses(List<String> addresses) {
        if (!shape.has(Shape.Links.PROXIES)) {
            return;
        }
        for (int from = 1; from <= addresses.size(); from++) {
            for (int to = 1; to <= addresses.size(); to++) {
                if (from != to) {
                    int number = from * addresses.size() + to;
                    var target = addressOf(addresses.get(to - 1));
                    var proxy = TcpProxy.on(harness(), target, chance.apply(number));
                    peerProxies.put(new Direction(from, to), proxy);
                    network().divert(from, target, proxy.address());
                }
            }
        }
    }

    private String harness() {
        return network == null ? "127.0.0.1" : network.harnessAddress();
    }

    private static InetSocketAddress addressOf(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        return new InetSocketAddress(
                hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
    }

    /** The network between the nodes; host numbers are node numbers. */
    public NetworkLab network() {
        if (network == null) {
            throw new IllegalStateException("the shape of this case has no network");
        }
        return network;
    }

    /** The disk of a node. */
    public LoopDisk disk(int node) {
        if (disks.isEmpty()) {
            throw new IllegalStateException("the shape of this case has no disks");
        }
        return disks.get(node - 1);
    }

    /** The wall clock of a node. */
    public FakeClock clock(int node) {
        if (clocks.isEmpty()) {
            throw new IllegalStateException("the shape of this case has no clocks");
        }
        return clocks.get(node - 1);
    }

    /** What stands before the API of a node. */
    public TcpProxy clientProxy(int node) {
        return required(clientProxies.get(node));
    }

    /** What connections pass that one node opens to another. */
    public TcpProxy peerProxy(int from, int to) {
        return required(peerProxies.get(new Direction(from, to)));
    }

    private static TcpProxy required(@Nullable TcpProxy proxy) {
        if (proxy == null) {
            throw new IllegalStateException("the shape of this case has no such proxy");
        }
        return proxy;
    }

    @Override
    public void close() {
        clientProxies.values().forEach(TcpProxy::close);
        peerProxies.values().forEach(TcpProxy::close);
        if (network != null) {
            network.close();
        }
        disks.forEach(LoopDisk::close);
    }
}
