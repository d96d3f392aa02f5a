package io.statehouse.cluster.chaos.nemesis;

import io.statehouse.client.AdminClient;
import io.statehouse.client.NewMember;
import io.statehouse.client.StatehouseException;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.cluster.chaos.scenario.Fault;
import io.statehouse.cluster.chaos.scenario.Harm;
import io.statehouse.cluster.chaos.scenario.Plan;
import io.statehouse.cluster.chaos.scenario.Scene;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Changes of the members that must not be made: each is refused with its reason, and nothing stands still for it. */
public record RefusedChanges() implements Plan {
    /** What the plan notes: whether every answer was the one expected. */
    public static final String ANSWERS = "changes of the members that must not be";

    /** The note of a run where it was. */
    public static final String REFUSED = "refused with the reason";

    private static final Duration REST = Duration.ofSeconds(2);
    private static final int CALLS_MAX = 3;
    private static final Duration CALL_MAX = Duration.ofSeconds(5);
    /** Nobody listens on the port of nothing. */
    private static final String NOWHERE = "127.0.0.1:9";

    @Override
    public void run(Scene scene) {
        do {
            NodeProcess follower = Victim.FOLLOWER.pick(scene);
            ask(
                    scene,
                    "add a node where nobody answers",
                    "nobody answers at " + NOWHERE,
                    operator -> operator.addMember(new NewMember("n9", NOWHERE, NOWHERE)));
            ask(
                    scene,
                    "add a node that is another",
                    "is '" + follower.id() + "', not 'n9'",
                    operator -> operator.addMember(new NewMember("n9", follower.raftAddress(), follower.directApi())));
            scene.rest(REST);
        } while (!scene.isOver());
    }

    private static void ask(Scene scene, String what, String reason, Consumer<AdminClient> change) {
        var answer = new AtomicReference<>("");
        scene.strike(
                new Fault() {
                    @Override
                    public String name() {
                        return what;
                    }

                    @Override
                    public Harm inflict(Scene same) {
                        // The last try of a call may be cut short by its time, and then says nothing of the reason.
                        for (int call = 0; call < CALLS_MAX && !answer.get().contains(reason); call++) {
                            answer.set(answerOf(same, change));
                        }
                        return new Simple("members", answer::get, () -> {});
                    }
                },
                Duration.ZERO);
        boolean isRight = answer.get().contains(reason);
        scene.marks().seen(ANSWERS, isRight ? REFUSED : what + " was answered: " + answer.get());
    }

    private static String answerOf(Scene scene, Consumer<AdminClient> change) {
        try (var client = scene.cluster().client()) {
            change.accept(client.withTimeout(CALL_MAX).admin());
            return "done";
        } catch (StatehouseException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
