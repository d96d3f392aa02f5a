package io.statehouse.cluster.chaos;

import io.statehouse.client.ClientOptions;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.VerifyResult;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.ProcessCluster;
import io.statehouse.cluster.chaos.scenario.Marks;
import io.statehouse.cluster.chaos.verdict.Judge;
import io.statehouse.cluster.chaos.workload.RecordedClient;
import io.statehouse.cluster.chaos.workload.Recorder;
import io.statehouse.cluster.chaos.workload.Tally;
import io.statehouse.cluster.chaos.workload.Traffic;
import io.statehouse.cluster.chaos.workload.Workload;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.HistoryLine.ReplicaSeen;
import io.statehouse.cluster.check.history.HistoryReader;
import io.statehouse.cluster.check.history.HistoryWriter;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.TxnId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The questions after the heal, in the order that makes them proofs: first every doubt is resolved, then every node is asked for
 * its state and for its journal, and has to prove its store against it.
 */
final class LastLook {
    private static final Duration CALL_MAX = Duration.ofSeconds(15);
    private static final int TRIES_MAX = 4;

    private final ProcessCluster cluster;
    private final HistoryWriter history;
    private final Map<String, String> nodes;
    private final Recorder recorder;

    LastLook(ProcessCluster cluster, HistoryWriter history, Map<String, String> nodes) {
        this.cluster = cluster;
        this.history = history;
        this.nodes = nodes;
        // The tally is the traffic's; nobody reads this one.
        this.recorder = new Recorder(history, new Tally(), 0, Load.AUDIT);
    }

    void take(Path historyFile, Traffic traffic) {
        try (var client = clientOf(cluster.endpoints())) {
            doubts(historyFile).forEach(id -> resolve(client, id));
            for (Workload workload : traffic.workloads()) {
                for (Request question : workload.lastQuestions()) {
                    var unused = client.ask(question, pointOf(question));
                }
            }
        }
        cluster.awaitCaughtUp();
        CommitTs last = lastCommit();
        for (NodeProcess node : cluster.nodes()) {
            try (var client = clientOf(node.api())) {
                askForState(client, traffic.workloads(), last);
                client.replay(node.id(), last);
            }
        }
        proveStores();
        traffic.finish(last);
    }

    /** All as of one commit: what the traffic wrote for a time may end between the proof of one node and that of the next. */
    private void proveStores() {
        Map<NodeProcess, VerifyResult> proofs = proofs();
        for (int attempt = 1; attempt < TRIES_MAX && commitsOf(proofs) > 1; attempt++) {
            proofs = proofs();
        }
        proofs.forEach((node, proof) -> {
            var at = new CommitTs(proof.verifiedTs());
            history.write(new ReplicaSeen(node.id(), at, proof.chainHash(), proof.digest()));
            if (!proof.intact()) {
                String damage = node.id() + " at commit " + proof.firstBadTs() + ": " + proof.reason();
                new Marks(history).seen(Judge.DAMAGE, damage);
            }
        });
    }

    private Map<NodeProcess, VerifyResult> proofs() {
        var proofs = new LinkedHashMap<NodeProcess, VerifyResult>();
        try (var operator = StatehouseClient.connect(cluster.endpoints())) {
            for (NodeProcess node : cluster.nodes()) {
                proofs.put(node, operator.admin().verify(node.directApi(), 0, (verified, target) -> {}));
            }
        }
        return proofs;
    }

    private static long commitsOf(Map<NodeProcess, VerifyResult> proofs) {
        return proofs.values().stream()
                .mapToLong(VerifyResult::verifiedTs)
                .distinct()
                .count();
    }

    private static void resolve(RecordedClient client, TxnId id) {
        for (int attempt = 0; attempt < TRIES_MAX; attempt++) {
            if (client.resolve(id) != null) {
                return;
            }
        }
        throw new IllegalStateException("nobody knows what became of " + id.value());
    }

    private static void askForState(RecordedClient client, List<Workload> workloads, CommitTs last) {
        for (Workload workload : workloads) {
            for (Request question : workload.lastQuestions()) {
                var at = pointOf(question) instanceof ReadPoint.AtCommit past ? past : new ReadPoint.AtLeast(last);
                Response answer = client.ask(question, at);
                if (!(answer instanceof Response.Found) && !(answer instanceof Response.Scanned)) {
                    throw new IllegalStateException("no answer to " + question + ": " + answer);
                }
            }
        }
    }

    private static ReadPoint pointOf(Request question) {
        if (question instanceof Request.Read read) {
            return read.at();
        }
        return question instanceof Request.Scan scan ? scan.at() : ReadPoint.LATEST;
    }

    /** Transactions that may or may not have been applied. */
    private static Set<TxnId> doubts(Path historyFile) {
        Set<TxnId> doubts = new TreeSet<>(java.util.Comparator.comparing(TxnId::value));
        try {
            for (Call call : HistoryReader.read(historyFile).calls()) {
                TxnId id = call.request().commits();
                if (id != null && call.outcome() == Outcome.UNKNOWN) {
                    doubts.add(id);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return doubts;
    }

    private CommitTs lastCommit() {
        return new CommitTs(cluster.nodes().stream()
                .map(cluster::status)
                .map(status -> Objects.requireNonNull(status, "a node does not answer"))
                .mapToLong(status -> status.appliedCommitTs())
                .max()
                .orElseThrow());
    }

    private RecordedClient clientOf(String endpoints) {
        return RecordedClient.open(recorder, nodes, ClientOptions.of(endpoints).callTimeout(CALL_MAX));
    }
}
