package io.statehouse.cluster.fault;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A network of hosts on this machine, each in a namespace of its own, whose cables can be cut one direction at a time.
 *
 * <p>The hosts hang on a bridge that stands in a namespace of its own too, so that no firewall of this machine meddles; this
 * process reaches them from an address beside theirs. A cut direction loses packets silently, as a broken cable does: the
 * sender's neighbour entry points at a station that does not exist. Needs root and the {@code ip} command.
 */
public final class NetworkLab implements AutoCloseable {
    private static final String NOBODY = "02:00:00:00:00:fe";
    private static final int HARNESS_HOST = 254;
    private static final int LABS_MAX = 250;
    private static final int HOSTS_MAX = 200;
    private static final int PERCENT_MAX = 99;

    private final int lab;
    private final List<String> macs = new ArrayList<>();
    private final Map<Direction, Integer> losses = new HashMap<>();

    private record Direction(int from, int to) {}

    private NetworkLab(int lab) {
        this.lab = lab;
    }

    /** Why a lab cannot be built here; empty when it can. */
    public static String obstacle() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "network namespaces need root";
        }
        return Shell.succeeds("ip", "netns", "list")
                ? ""
                : "the command ip (iproute2) is missing or cannot list namespaces";
    }

    /** Why {@link #lose} and {@link #divert} cannot work here; empty when they can. */
    public static String filterObstacle() {
        return Shell.succeeds("iptables", "--version")
                ? ""
                : "the command iptables is missing; install it with: apt-get install -y iptables";
    }

    /** Builds hosts 1 to {@code hosts}, all connected. */
    public static NetworkLab build(int hosts) {
        if (hosts < 1 || hosts > HOSTS_MAX) {
            throw new IllegalArgumentException("a lab has 1 to " + HOSTS_MAX + " hosts, not " + hosts);
        }
        NetworkLab network = new NetworkLab(claimNumber());
        try {
            network.layBridge();
            for (int host = 1; host <= hosts; host++) {
                network.connect(host);
            }
            return network;
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    /** The address of a host, counted from 1. */
    public String address(int host) {
        return "10.211." + lab + "." + host;
    }

    /** The address of this process beside the hosts. */
    public String harnessAddress() {
        return address(HARNESS_HOST);
    }

    /** What to put before a command so that it runs on a host. */
    public List<String> commandPrefix(int host) {
        return List.of("ip", "netns", "exec", namespace(host));
    }

    /** From now on nothing that one host sends reaches another; the way back stays open. */
    public void cut(int from, int to) {
        neighbour(from, to, NOBODY);
    }

    /** Undoes {@link #cut}. */
    public void heal(int from, int to) {
        neighbour(from, to, macs.get(to - 1));
    }

    /** Cuts both directions between two hosts. */
    public void part(int one, int other) {
        cut(one, other);
        cut(other, one);
    }

    /** Separates one host from all other hosts; this process still reaches it. */
    public void isolate(int host) {
        for (int other = 1; other <= macs.size(); other++) {
            if (other != host) {
                part(host, other);
            }
        }
    }

    /** Heals every direction between all hosts. */
    public void healAll() {
        for (int from = 1; from <= macs.size(); from++) {
            for (int to = 1; to <= macs.size(); to++) {
                if (from != to) {
                    heal(from, to);
                }
            }
        }
    }

    /** From now on so many of a hundred packets that one host sends to another are lost; 0 = none any more. */
    public void lose(int from, int to, int percent) {
        Integer before = losses.remove(new Direction(from, to));
        if (before != null) {
            filter(to, "filter", "-D", loss(from, before));
        }
        if (percent > 0) {
            filter(to, "filter", "-A", loss(from, percent));
            losses.put(new Direction(from, to), percent);
        }
    }

    private List<String> loss(int from, int percent) {
        if (percent > PERCENT_MAX) {
            throw new IllegalArgumentException("not a share of a hundred: " + percent);
        }
        String share = String.format(Locale.ROOT, "0.%02d", percent);
        return List.of(
                "INPUT",
                "-s",
                address(from),
                "-m",
                "statistic",
                "--mode",
                "random",
                "--probability",
                share,
                "-j",
                "DROP");
    }

    /** How many packets {@link #lose} has taken from what arrives at a host, since the rules in force began. */
    public long lostAt(int host) {
        String rules = Shell.run("ip", "netns", "exec", namespace(host), "iptables", "-w", "-nvxL", "INPUT");
        return rules.lines()
                .filter(line -> line.contains("DROP"))
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", 2)[0]))
                .sum();
    }

    /** From now on new connections of a host to an address go to another one instead. */
    public void divert(int host, InetSocketAddress from, InetSocketAddress to) {
        String port = Integer.toString(from.getPort());
        String destination = to.getAddress().getHostAddress() + ":" + to.getPort();
        filter(
                host,
                "nat",
                "-A",
                List.of(
                        "OUTPUT",
                        "-p",
                        "tcp",
                        "-d",
                        from.getHostString(),
                        "--dport",
                        port,
                        "-j",
                        "DNAT",
                        "--to-destination",
                        destination));
    }

    private void filter(int host, String table, String act, List<String> rule) {
        var command = new ArrayList<>(commandPrefix(host));
        command.addAll(List.of("iptables", "-w", "-t", table, act));
        command.addAll(rule);
        Shell.run(command);
    }

    /** Takes the lab apart. Processes that still run on a host keep its namespace until they end. */
    @Override
    public void close() {
        Shell.succeeds("ip", "link", "del", harnessLink());
        for (int host = 1; host <= HOSTS_MAX && host <= macs.size() + 1; host++) {
            Shell.succeeds("ip", "netns", "del", namespace(host));
        }
        Shell.succeeds("ip", "netns", "del", switchNamespace());
    }

    /** The namespace of the switch is the claim: only one process can make it. */
    private static int claimNumber() {
        for (int lab = 1; lab <= LABS_MAX; lab++) {
            if (Shell.succeeds("ip", "netns", "add", new NetworkLab(lab).switchNamespace())) {
                return lab;
            }
        }
        throw new IllegalStateException(
                "all " + LABS_MAX + " labs are taken; remove stale ones with: ip netns del shlab<N>-switch");
    }

    private void layBridge() {
        inSwitch("ip", "link", "add", "br0", "type", "bridge");
        inSwitch("ip", "link", "set", "br0", "up");
        Shell.run("ip", "link", "add", harnessLink(), "type", "veth", "peer", "name", "h0", "netns", switchNamespace());
        inSwitch("ip", "link", "set", "h0", "master", "br0", "up");
        Shell.run("ip", "addr", "add", address(HARNESS_HOST) + "/24", "dev", harnessLink());
        Shell.run("ip", "link", "set", harnessLink(), "up");
    }

    private void connect(int host) {
        String namespace = namespace(host);
        Shell.run("ip", "netns", "add", namespace);
        inSwitch("ip", "link", "add", "v" + host, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        inSwitch("ip", "link", "set", "v" + host, "master", "br0", "up");
        Shell.run("ip", "-n", namespace, "addr", "add", address(host) + "/24", "dev", "eth0");
        Shell.run("ip", "-n", namespace, "link", "set", "lo", "up");
        Shell.run("ip", "-n", namespace, "link", "set", "eth0", "up");
        macs.add(macOf(namespace));
    }

    private static String macOf(String namespace) {
        String link = Shell.run("ip", "-n", namespace, "-o", "link", "show", "eth0");
        String mark = "link/ether ";
        int start = link.indexOf(mark) + mark.length();
        return link.substring(start, start + NOBODY.length());
    }

    private void neighbour(int from, int to, String mac) {
        Shell.run(
                "ip",
                "-n",
                namespace(from),
                "neigh",
                "replace",
                address(to),
                "lladdr",
                mac,
                "dev",
                "eth0",
                "nud",
                "permanent");
    }

    private void inSwitch(String... command) {
        var all = new ArrayList<>(List.of("ip", "netns", "exec", switchNamespace()));
        all.addAll(List.of(command));
        Shell.run(all);
    }

    private String switchNamespace() {
        return "shlab" + lab + "-switch";
    }

    private String namespace(int host) {
        return "shlab" + lab + "-" + host;
    }

    private String harnessLink() {
        return "shlab" + lab;
    }
}
