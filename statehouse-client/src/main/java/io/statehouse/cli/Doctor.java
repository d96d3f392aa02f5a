package io.statehouse.cli;

import io.statehouse.cli.Finding.Check;
import io.statehouse.cli.Finding.Severity;
import io.statehouse.client.ClusterMember;
import io.statehouse.client.ClusterStatus;
import io.statehouse.client.MemberRole;
import io.statehouse.client.NodeExamination;
import io.statehouse.client.RefusalCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** Says what is wrong with a cluster, from what its nodes say of themselves. Pure. */
final class Doctor {
    /** Leaders agree on the time within this; deadlines of keys come true so much early or late. */
    static final Duration SKEW_WARNING = Duration.ofMillis(500);

    /** No clock that is set by a time server is so wrong. */
    static final Duration SKEW_CRITICAL = Duration.ofSeconds(10);

    /** What every node has for itself. */
    private static final Set<String> OWN_SETTINGS = Set.of(
            "node.id",
            "data.dir",
            "agent.reducers.dir",
            "addr",
            "raft.addr",
            "http.addr",
            "init",
            "join",
            "members",
            "tls.cert",
            "tls.key",
            "raft.tls.cert",
            "raft.tls.key");

    private static final String CLUSTER = "cluster";

    private final List<NodeReport> reports;
    private final List<NodeExamination> heard;
    private final List<Finding> findings = new ArrayList<>();

    private Doctor(List<NodeReport> reports) {
        this.reports = reports;
        this.heard = reports.stream()
                .map(NodeReport::heard)
                .flatMap(Stream::ofNullable)
                .toList();
    }

    /**
     * The worst first.
     *
     * @param isWhole whether all nodes were asked: only then can the cluster be judged
     */
    static List<Finding> findings(List<NodeReport> reports, boolean isWhole) {
        var doctor = new Doctor(reports);
        doctor.reachability();
        for (NodeReport report : reports) {
            NodeExamination node = report.heard();
            if (node != null) {
                doctor.findings.addAll(NodeChecks.of(report.name(), node));
            }
        }
        if (isWhole && !doctor.heard.isEmpty()) {
            doctor.leadership();
            doctor.quorum();
            doctor.clocks();
            doctor.differences();
        }
        return doctor.findings.stream()
                .sorted(Comparator.comparing(Finding::severity).reversed())
                .toList();
    }

    private void reachability() {
        for (NodeReport report : reports) {
            RefusalCode refusal = report.refusal();
            if (refusal != null) {
                found(
                        Severity.WARNING,
                        report.name(),
                        refusal == RefusalCode.UNSUPPORTED ? Check.VERSION : Check.EXAMINED,
                        report.failure(),
                        adviceAfter(refusal));
            } else if (report.isSilent()) {
                found(
                        Severity.CRITICAL,
                        report.name(),
                        Check.REACHABLE,
                        report.failure(),
                        "start it; if its disk is lost: statehousectl cluster replace "
                                + (report.name().equals(report.endpoint()) ? "NODE" : report.name()));
            }
        }
    }

    /** A node that refuses is there: nothing of it needs to be replaced. */
    private static String adviceAfter(RefusalCode refusal) {
        return switch (refusal) {
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                "show a token that grants operator in *: statehousectl token create NAME --grant 'operator:*'";
            case UNSUPPORTED -> "it is older than this statehousectl: upgrade it, or ask with the one of its release";
            case INVALID_REQUEST,
                    CONFLICT,
                    NOT_APPLICABLE,
                    RULE_BROKEN,
                    FENCED,
                    LIMIT_EXCEEDED,
                    TRANSACTION_NOT_FOUND,
                    TRANSACTION_EXPIRED,
                    TRANSACTION_ALREADY_COMMITTED,
                    TRANSACTION_LOST,
                    TRANSACTION_ID_REUSED,
                    TRANSACTION_ABORTED,
                    KEY_NOT_FOUND,
                    VERSION_NOT_FOUND,
                    COMPACTED,
                    FUTURE_POINT,
                    CHANGE_REFUSED,
                    QUOTA_EXCEEDED,
                    STORAGE_FULL,
                    OTHER -> "look at its log";
        };
    }

    private void leadership() {
        long term = heard.stream().mapToLong(node -> node.status().term()).max().orElse(0);
        var leaders = new TreeSet<String>();
        heard.stream()
                .filter(node -> node.status().term() == term)
                .map(node -> node.status().leaderId())
                .filter(leader -> !leader.isEmpty())
                .forEach(leaders::add);
        if (leaders.isEmpty()) {
            found(
                    Severity.CRITICAL,
                    CLUSTER,
                    Check.LEADER,
                    "nobody leads in term " + term,
                    "wait for an election; if none is won, a majority of the members does not run or cannot reach each other");
        } else if (leaders.size() > 1) {
            found(
                    Severity.CRITICAL,
                    CLUSTER,
                    Check.LEADER,
                    "in term " + term + " the nodes name more than one leader: " + leaders,
                    "stop the cluster and report it with all logs");
        }
    }

    private void quorum() {
        List<ClusterMember> voters = mostInformed().members().stream()
                .filter(member -> member.role() != MemberRole.JOINING && member.role() != MemberRole.LISTENER)
                .toList();
        long silent = reports.stream().filter(NodeReport::isSilent).count();
        long spare = (voters.size() - 1) / 2 - silent;
        if (spare < 0) {
            found(
                    Severity.CRITICAL,
                    CLUSTER,
                    Check.QUORUM,
                    silent + " of " + voters.size() + " members do not answer: nothing can be written",
                    "start the members that are down");
        } else if (spare == 0 && voters.size() > 1) {
            found(
                    Severity.WARNING,
                    CLUSTER,
                    Check.QUORUM,
                    (voters.size() - silent) + " of " + voters.size() + " members answer: no more may fail",
                    silent > 0 ? "start the members that are down" : "add a member");
        }
        if (voters.size() % 2 == 0) {
            found(
                    Severity.WARNING,
                    CLUSTER,
                    Check.MEMBERS,
                    voters.size() + " members survive no more failures than " + (voters.size() - 1),
                    "add or remove one");
        }
    }

    private ClusterStatus mostInformed() {
        return heard.stream()
                .map(NodeExamination::status)
                .max(Comparator.comparing((ClusterStatus status) -> status.role() == MemberRole.LEADER)
                        .thenComparingLong(ClusterStatus::term))
                .orElseThrow();
    }

    /** The calls took different time, so no more than what they cannot explain counts. */
    private void clocks() {
        var first = heard.stream()
                .min(Comparator.comparing(NodeExamination::clockAhead))
                .orElseThrow();
        var last = heard.stream()
                .max(Comparator.comparing(NodeExamination::clockAhead))
                .orElseThrow();
        Duration doubt = first.callTime().plus(last.callTime()).dividedBy(2);
        Duration skew = last.clockAhead().minus(first.clockAhead()).minus(doubt);
        if (skew.compareTo(SKEW_WARNING) > 0) {
            found(
                    skew.compareTo(SKEW_CRITICAL) > 0 ? Severity.CRITICAL : Severity.WARNING,
                    CLUSTER,
                    Check.CLOCK,
                    "the clock of " + last.status().nodeId() + " is at least " + skew.toMillis()
                            + " ms ahead of that of " + first.status().nodeId(),
                    "set the clocks by a time server (NTP) on both");
        }
    }

    private void differences() {
        differ(
                Severity.CRITICAL,
                Check.IDENTITY,
                "cluster",
                node -> node.status().clusterId(),
                "one of them belongs elsewhere: correct the addresses");
        differ(
                Severity.WARNING,
                Check.VERSION,
                "version",
                node -> node.status().version(),
                "finish the upgrade: one release on all nodes");
        differ(
                Severity.WARNING,
                Check.MEMBERS,
                "members",
                node -> node.status().members().stream()
                        .filter(member -> member.role() != MemberRole.JOINING)
                        .map(ClusterMember::nodeId)
                        .sorted()
                        .toList()
                        .toString(),
                "wait until all have heard of the last change; a node that stays behind is cut off");
        var names = new TreeSet<String>();
        heard.forEach(node -> names.addAll(node.settings().keySet()));
        names.removeAll(OWN_SETTINGS);
        for (String name : names) {
            differ(
                    Severity.WARNING,
                    Check.SETTINGS,
                    name,
                    node -> node.settings().getOrDefault(name, "not known"),
                    "give all nodes the same value, and restart them one after the other");
        }
    }

    private void differ(
            Severity severity, Check check, String what, Function<NodeExamination, String> value, String advice) {
        Map<String, Set<String>> nodesByValue = new TreeMap<>();
        heard.forEach(node -> nodesByValue
                .computeIfAbsent(value.apply(node), any -> new TreeSet<>())
                .add(node.status().nodeId()));
        if (nodesByValue.size() > 1) {
            found(severity, CLUSTER, check, what + " differs: " + nodesByValue, advice);
        }
    }

    private void found(Severity severity, String about, Check check, String what, String advice) {
        findings.add(new Finding(severity, about, check, what, advice));
    }
}
