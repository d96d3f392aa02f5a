package io.statehouse.cluster.chaos.scenario;

import io.statehouse.cluster.chaos.verdict.Acceptance;
import io.statehouse.cluster.chaos.workload.SetLoad;
import io.statehouse.cluster.chaos.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A case: a cluster of some shape, callers at work, a plan of faults, and what must hold afterwards beside what always must.
 *
 * @param id such as {@code F01}
 * @param title one line for the list
 * @param workloads made anew for every run; the set is always among them
 * @param faultTime how long faults are struck, if the run does not say otherwise
 * @param acceptances what this case demands beyond the standard
 * @param isEachNodeAsked whether some callers know one node only, and cannot go on elsewhere while it is away
 */
public record ChaosCase(
        String id,
        String title,
        Shape shape,
        List<Supplier<Workload>> workloads,
        Plan plan,
        Duration faultTime,
        List<Acceptance> acceptances,
        boolean isEachNodeAsked) {
    /** Copies the lists. */
    public ChaosCase {
        workloads = List.copyOf(workloads);
        acceptances = List.copyOf(acceptances);
    }

    /** A case on plain ground with nothing but the set, to be changed by the methods below. */
    public static ChaosCase of(String id, String title, Plan plan) {
        return new ChaosCase(
                id, title, Shape.PLAIN, List.of(SetLoad::new), plan, Duration.ofSeconds(25), List.of(), true);
    }

    /** On a cluster of this shape. */
    public ChaosCase on(Shape other) {
        return new ChaosCase(id, title, other, workloads, plan, faultTime, acceptances, isEachNodeAsked);
    }

    /** With these workloads beside those it has. */
    @SafeVarargs
    public final ChaosCase under(Supplier<Workload>... more) {
        var all = new ArrayList<>(workloads);
        for (Supplier<Workload> one : more) {
            all.add(one);
        }
        return new ChaosCase(id, title, shape, all, plan, faultTime, acceptances, isEachNodeAsked);
    }

    /** With faults for so long. */
    public ChaosCase lasting(Duration time) {
        return new ChaosCase(id, title, shape, workloads, plan, time, acceptances, isEachNodeAsked);
    }

    /** With these demands beside those it has. */
    public ChaosCase demanding(Acceptance... more) {
        var all = new ArrayList<>(acceptances);
        all.addAll(List.of(more));
        return new ChaosCase(id, title, shape, workloads, plan, faultTime, all, isEachNodeAsked);
    }

    /** With callers that know all nodes, as an application's do. */
    public ChaosCase amongCallersOfAll() {
        return new ChaosCase(id, title, shape, workloads, plan, faultTime, acceptances, false);
    }
}
