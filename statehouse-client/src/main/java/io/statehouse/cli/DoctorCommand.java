package io.statehouse.cli;

import io.statehouse.cli.Finding.Severity;
import io.statehouse.client.AdminClient;
import io.statehouse.client.ClusterMember;
import io.statehouse.client.MemberRole;
import io.statehouse.client.StatehouseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code doctor}. */
@Command(
        name = "doctor",
        description = {
            "Looks for what is wrong with a cluster, or with one node, and says what to do about it: nodes that do not"
                    + " answer, leadership, quorum, lag, disk space, clocks, versions, settings that differ.",
            "Exit code: 0 nothing to do, 2 something to look at, 3 something to repair."
        },
        footer = {
            "",
            "Examples:",
            "  statehousectl doctor",
            "  statehousectl doctor --json",
            "  statehousectl doctor --of node2:50051"
        })
final class DoctorCommand implements Callable<Integer> {
    /** A node that needs longer to say how it is counts as one that does not answer. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(3);

    private final Session session;

    @Option(names = "--of", paramLabel = "HOST:PORT", description = "Look at this node only.")
    String endpoint = "";

    DoctorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        AdminClient admin = session.client().withTimeout(patience()).admin();
        List<NodeReport> reports = new ArrayList<>();
        for (ClusterMember member : patients(admin)) {
            reports.add(examine(admin, member.nodeId(), member.apiAddress()));
        }
        List<Finding> findings = Doctor.findings(reports, endpoint.isEmpty());
        if (session.isJson()) {
            findings.forEach(finding -> session.output().line(json(finding)));
        } else {
            show(reports, findings);
        }
        return worst(findings).number();
    }

    private Duration patience() {
        Duration asked = session.clientOptions().callTimeout();
        return asked.compareTo(ANSWER_MAX) < 0 ? asked : ANSWER_MAX;
    }

    /** The members if anybody knows them, and whoever is named otherwise. */
    private List<ClusterMember> patients(AdminClient admin) {
        if (!endpoint.isEmpty()) {
            return List.of(unknown(endpoint));
        }
        try {
            var members = admin.clusterStatus().members().stream()
                    .filter(member -> member.role() != MemberRole.JOINING)
                    .toList();
            if (!members.isEmpty()) {
                return members;
            }
        } catch (StatehouseException e) {
            session.output().remark("no node told who the members are: " + e.getMessage());
        }
        return session.clientOptions().endpoints().stream()
                .map(DoctorCommand::unknown)
                .toList();
    }

    private static ClusterMember unknown(String endpoint) {
        return new ClusterMember(endpoint, "", endpoint, MemberRole.UNKNOWN, null, 0, 0);
    }

    private NodeReport examine(AdminClient admin, String name, String endpoint) {
        try {
            var heard = admin.examine(endpoint);
            return new NodeReport(heard.status().nodeId(), endpoint, heard, null, "");
        } catch (StatehouseException.Refused e) {
            return new NodeReport(name, endpoint, null, e.code(), "does not say how it is: " + e.getMessage());
        } catch (StatehouseException e) {
            return new NodeReport(
                    name,
                    endpoint,
                    null,
                    null,
                    "does not answer at " + endpoint + " within " + patience().toMillis() + " ms");
        }
    }

    private void show(List<NodeReport> reports, List<Finding> findings) {
        var output = session.output();
        for (Finding finding : findings) {
            output.line(
                    finding.severity() + " " + finding.about() + " " + word(finding.check()) + ": " + finding.what());
            output.line("  → " + finding.advice());
        }
        if (findings.isEmpty()) {
            output.success(
                    "Nothing to do: " + reports.size() + (reports.size() == 1 ? " node" : " nodes") + " examined");
        }
    }

    private static String json(Finding finding) {
        return new JsonLine()
                .text("severity", word(finding.severity()))
                .text("about", finding.about())
                .text("check", word(finding.check()))
                .text("what", finding.what())
                .text("advice", finding.advice())
                .toString();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static ExitCode worst(List<Finding> findings) {
        Severity worst = findings.isEmpty() ? Severity.NOTICE : findings.get(0).severity();
        return switch (worst) {
            case NOTICE -> ExitCode.OK;
            case WARNING -> ExitCode.WARNING;
            case CRITICAL -> ExitCode.CRITICAL;
        };
    }
}
