package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Plan;
import java.time.Duration;
import java.util.List;

/** Plans that cases are made of. */
public final class Plans {
    private Plans() {}

    /** The same fault again and again, with a rest after each. */
    public static Plan repeat(Fault fault, Duration hold, Duration rest) {
        return repeat(List.of(fault), hold, rest);
    }

    /** These faults in turn, again and again, with a rest after each. */
    public static Plan repeat(List<Fault> faults, Duration hold, Duration rest) {
        return scene -> {
            for (int i = 0; !scene.isOver(); i++) {
                scene.strike(faults.get(i % faults.size()), hold);
                scene.rest(rest);
            }
        };
    }

    /** Again and again one fault within another: the outer one is seen before the inner one is struck, and outlasts it. */
    public static Plan within(Fault outer, Fault inner, Duration hold, Duration rest) {
        return scene -> {
            while (!scene.isOver()) {
                scene.strikeAround(outer, () -> {
                    scene.strike(inner, hold);
                    scene.rest(rest);
                });
                scene.rest(rest);
            }
        };
    }
}
