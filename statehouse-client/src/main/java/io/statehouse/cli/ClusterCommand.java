package io.statehouse.cli;

import io.statehouse.client.ClusterMember;
import io.statehouse.client.ClusterStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cluster}: the members and who leads them. */
@Command(name = "cluster", description = "Shows the members of the cluster, changes them, and hands leadership over.")
final class ClusterCommand {
    private ClusterCommand() {}

    static CommandLine withVerbs(Session session) {
        return new CommandLine(new ClusterCommand())
                .addSubcommand("status", new Status(session))
                .addSubcommand("transfer", new Transfer(session))
                .addSubcommand("replace", new MemberCommands.Replace(session))
                .addSubcommand("add", new MemberCommands.Add(session))
                .addSubcommand("remove", new MemberCommands.Remove(session));
    }

    /** {@code cluster status}. */
    @Command(
            name = "status",
            description = "Shows the cluster as its leader sees it, or as one node does.",
            footer = {
                "",
                "Examples:",
                "  statehousectl cluster status",
                "  statehousectl cluster status --of node2:50051"
            })
    static final class Status implements Callable<Integer> {
        private final Session session;

        @Option(names = "--of", paramLabel = "HOST:PORT", description = "Ask this node and no other.")
        String endpoint = "";

        Status(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            var admin = session.client().admin();
            ClusterStatus status = endpoint.isEmpty() ? admin.clusterStatus() : admin.clusterStatusOf(endpoint);
            if (session.isJson()) {
                session.output().line(json(status));
            } else {
                show(status);
            }
            return ExitCode.OK.number();
        }

        private void show(ClusterStatus status) {
            var output = session.output();
            output.line("Cluster: " + status.clusterId());
            output.line("Leader: " + (status.leaderId().isEmpty() ? "none" : status.leaderId()) + " (term "
                    + status.term() + ")");
            output.line("Answered by: " + status.nodeId() + " (" + word(status.role()) + ", version " + status.version()
                    + ")");
            output.line("Applied commit TS: " + status.appliedCommitTs() + " (durable without the log: "
                    + status.durableCommitTs() + ", entries to apply: " + status.applyLagEntries() + ")");
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("MEMBER", "ROLE", "API", "RAFT", "LAG"));
            for (ClusterMember member : status.members()) {
                Long lag = member.lagEntries();
                rows.add(List.of(
                        member.nodeId(),
                        word(member.role()),
                        member.apiAddress(),
                        member.raftAddress(),
                        lag == null ? "-" : lag.toString()));
            }
            output.lines(Columns.of(rows));
        }

        private static String json(ClusterStatus status) {
            var members = status.members().stream()
                    .map(member -> {
                        Long lag = member.lagEntries();
                        return new JsonLine()
                                .text("node_id", member.nodeId())
                                .text("role", word(member.role()))
                                .text("api_address", member.apiAddress())
                                .text("raft_address", member.raftAddress())
                                .json("lag_entries", String.valueOf(lag));
                    })
                    .toList();
            return new JsonLine()
                    .text("cluster_id", status.clusterId())
                    .text("node_id", status.nodeId())
                    .text("role", word(status.role()))
                    .number("term", status.term())
                    .text("leader_id", status.leaderId())
                    .number("applied_commit_ts", status.appliedCommitTs())
                    .number("durable_commit_ts", status.durableCommitTs())
                    .number("apply_lag_entries", status.applyLagEntries())
                    .array("members", members)
                    .text("version", status.version())
                    .toString();
        }
    }

    /** {@code cluster transfer}. */
    @Command(
            name = "transfer",
            description = "Hands leadership to a member and waits until it leads.",
            footer = {"", "Example:", "  statehousectl cluster transfer n2"})
    static final class Transfer implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", arity = "0..1", paramLabel = "NODE", description = "The member. Default: any other.")
        String node = "";

        Transfer(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            String leader = session.client().admin().transferLeadership(node);
            if (session.isJson()) {
                session.output().line(new JsonLine().text("leader_id", leader).toString());
            } else {
                session.output().success("Leader is " + leader);
            }
            return ExitCode.OK.number();
        }
    }

    private static String word(Enum<?> role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
