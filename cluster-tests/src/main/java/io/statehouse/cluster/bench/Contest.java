package io.statehouse.cluster.bench;

import io.statehouse.cluster.bench.load.Drill;
import io.statehouse.cluster.bench.load.Sample;
import io.statehouse.cluster.bench.peer.Contender;
import io.statehouse.cluster.bench.peer.Peer;
import io.statehouse.cluster.bench.peer.Workload;
import io.statehouse.cluster.bench.report.Figure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures all systems side by side: in each round every one has its turn, alone under load, and another one begins. So what
 * else happens on the machine meanwhile happens to all of them.
 */
final class Contest {
    private final Map<Contender, Peer> peers;
    private final Plan plan;
    private final Consumer<String> progress;

    /** The most callers of the load that makes servers and driver warm. */
    static final int PRIMING_CALLERS_MAX = 64;

    /**
     * What is measured: each workload with each number of callers, so many rounds.
     *
     * @param priming how long each system does each workload before it is measured: a JVM compiles what is hot, and takes its time
     *     where a lone caller makes little load
     */
    record Plan(
            List<Workload> workloads,
            List<Integer> callers,
            int rounds,
            Duration priming,
            Duration warmup,
            Duration measured) {}

    Contest(Map<Contender, Peer> peers, Plan plan, Consumer<String> progress) {
        this.peers = new EnumMap<>(peers);
        this.plan = plan;
        this.progress = progress;
    }

    List<Figure> run() {
        List<Figure> figures = new ArrayList<>();
        // Histories come first: they are read while the stores hold little else.
        for (Workload workload : plan.workloads().stream().sorted().toList()) {
            List<Integer> steps = workload.isForOne() ? List.of(1) : plan.callers();
            prime(workload, Math.min(PRIMING_CALLERS_MAX, Collections.max(steps)));
            steps.forEach(callers -> figures.addAll(compare(workload, callers)));
        }
        return figures;
    }

    private void prime(Workload workload, int callers) {
        if (plan.priming().isZero()) {
            return;
        }
        peers.forEach((contender, peer) -> {
            if (peer.can(workload, callers)) {
                progress.accept(workload.word() + ", warming up " + contender.word() + " ...");
                var unused = peer.measure(workload, new Drill(callers, Duration.ZERO, plan.priming()));
            }
        });
    }

    private List<Figure> compare(Workload workload, int callers) {
        List<Contender> able = new ArrayList<>(peers.keySet().stream()
                .filter(contender -> peer(contender).can(workload, callers))
                .toList());
        Map<Contender, List<Sample>> samples = new EnumMap<>(Contender.class);
        List<Contender> turns = new ArrayList<>(able);
        for (int round = 1; round <= plan.rounds(); round++) {
            for (Contender contender : turns) {
                Sample sample = peer(contender).measure(workload, new Drill(callers, plan.warmup(), plan.measured()));
                samples.computeIfAbsent(contender, unused -> new ArrayList<>()).add(sample);
                progress.accept(String.format(
                        Locale.ROOT,
                        "%s, %d callers, round %d of %d, %s: %,.0f %s",
                        workload.word(),
                        callers,
                        round,
                        plan.rounds(),
                        contender.word(),
                        sample.perSecond(),
                        workload.unit()));
            }
            Collections.rotate(turns, -1);
        }
        return able.stream()
                .map(contender -> new Figure(workload, callers, contender, samples.getOrDefault(contender, List.of())))
                .toList();
    }

    private Peer peer(Contender contender) {
        Peer peer = peers.get(contender);
        if (peer == null) {
            throw new IllegalStateException(contender.word() + " was not started");
        }
        return peer;
    }
}
