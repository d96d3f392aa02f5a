package io.statehouse.cli;

import io.statehouse.client.ClusterMember;
import io.statehouse.client.ClusterStatus;
import io.statehouse.client.SnapshotResult;
import java.util.List;
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
                .addSubcommand("members", new ListMembers(session))
                .addSubcommand("transfer", new Transfer(session))
                .addSubcommand("snapshot", new TakeSnapshot(session))
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
            output.line("Answered by: " + status.nodeId() + " (" + MemberLines.word(status.role()) + ", version "
                    + status.version() + ")");
            output.line("Applied commit TS: " + status.appliedCommitTs() + " (durable without the log: "
                    + status.durableCommitTs() + ", entries to apply: " + status.applyLagEntries() + ")");
            if (status.featureLevel() > 0) {
                output.line("Feature level: " + status.featureLevel() + " (" + status.nodeId() + " knows "
                        + status.featureLevelMax() + ")");
            }
            output.lines(MemberLines.table(status.members()));
        }

        private static String json(ClusterStatus status) {
            var members = status.members().stream().map(MemberLines::json).toList();
            return new JsonLine()
                    .text("cluster_id", status.clusterId())
                    .text("node_id", status.nodeId())
                    .text("role", MemberLines.word(status.role()))
                    .number("term", status.term())
                    .text("leader_id", status.leaderId())
                    .number("applied_commit_ts", status.appliedCommitTs())
                    .number("durable_commit_ts", status.durableCommitTs())
                    .number("apply_lag_entries", status.applyLagEntries())
                    .array("members", members)
                    .text("version", status.version())
                    .number("feature_level", status.featureLevel())
                    .number("feature_level_max", status.featureLevelMax())
                    .toString();
        }
    }

    /** {@code cluster members}. */
    @Command(
            name = "members",
            description = "Lists the members as the leader knows them, and nodes that are being let in.",
            footer = {"", "Examples:", "  statehousectl cluster members", "  statehousectl cluster members --json"})
    static final class ListMembers implements Callable<Integer> {
        private final Session session;

        ListMembers(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            var members = session.client().admin().clusterStatus().members();
            if (session.isJson()) {
                members.forEach(
                        member -> session.output().line(MemberLines.json(member).toString()));
            } else {
                session.output().lines(MemberLines.table(members));
            }
            return ExitCode.OK.number();
        }
    }

    /** {@code cluster snapshot}. */
    @Command(
            name = "snapshot",
            description =
                    "Has every member, or one node, force its state to its disk now and purge its Raft log behind it."
                            + " History is not touched.",
            footer = {
                "",
                "Examples:",
                "  statehousectl cluster snapshot",
                "  statehousectl cluster snapshot --of node2:50051"
            })
    static final class TakeSnapshot implements Callable<Integer> {
        private final Session session;

        @Option(names = "--of", paramLabel = "HOST:PORT", description = "Only this node.")
        String endpoint = "";

        TakeSnapshot(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            var admin = session.client().admin();
            var endpoints = endpoint.isEmpty()
                    ? admin.clusterStatus().members().stream()
                            .map(ClusterMember::apiAddress)
                            .toList()
                    : List.of(endpoint);
            endpoints.forEach(each -> tell(admin.takeSnapshot(each)));
            return ExitCode.OK.number();
        }

        private void tell(SnapshotResult taken) {
            if (session.isJson()) {
                session.output()
                        .line(new JsonLine()
                                .text("node_id", taken.nodeId())
                                .number("commit_ts", taken.commitTs())
                                .number("log_entries_purged", taken.logEntriesPurged())
                                .number("log_entries_kept", taken.logEntriesKept())
                                .toString());
            } else {
                session.output()
                        .success(taken.nodeId() + " holds commit_ts " + taken.commitTs() + " without its log: "
                                + taken.logEntriesPurged() + " log entries purged, " + taken.logEntriesKept()
                                + " kept");
            }
        }
    }

    /** {@code cluster transfer}. */
    @Command(
            name = "transfer",
            description = "Hands leadership to a member and waits until it leads.",
            footer = {"", "Example:", "  statehousectl cluster transfer n2"})
    static final class Transfer implements Callable<Integer> {
        private final Session session;

        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "NODE",
                description = "The member. Default: the other voter that holds most of the log.")
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
}
