package io.statehouse.cluster.chaos.cases;

import io.statehouse.cluster.chaos.scenario.ChaosCase;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** All cases, in the order of their ids. */
public final class Registry {
    private static final List<ChaosCase> ALL = Stream.of(
                    ProcessCases.all(),
                    NetworkCases.all(),
                    DiskCases.all(),
                    MemberCases.all(),
                    ClientCases.all(),
                    MixedCases.all())
            .flatMap(List::stream)
            .sorted(Comparator.comparing(ChaosCase::id))
            .toList();

    private Registry() {}

    /** Every case. */
    public static List<ChaosCase> all() {
        return ALL;
    }

    /**
     * The case of that id.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ChaosCase of(String id) {
        return ALL.stream()
                .filter(known -> known.id().equalsIgnoreCase(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no case " + id + "; see: chaos list"));
    }
}
