package io.statehouse.cluster.check.linear;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Budget;
import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.linear.RegisterCalls.Touch;
import io.statehouse.statemachine.Key;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * C1: every read and write of a key took effect at one moment between its call and its return.
 *
 * <p>Keys are checked one by one, which is enough as long as no call touches two: linearizability is local.
 */
public final class LinearizabilityChecker implements Checker {
    private static final int LAST_SHOWN = 6;

    private final Budget budget;

    public LinearizabilityChecker(Budget budget) {
        this.budget = budget;
    }

    @Override
    public String name() {
        return "linearizable";
    }

    @Override
    public Verdict check(History history) {
        Map<Key, List<Touch>> byKey;
        try {
            byKey = RegisterCalls.byKey(history);
        } catch (RegisterCalls.TwoKeysException e) {
            return new Verdict.Undecided(String.valueOf(e.getMessage()));
        }
        Findings findings = new Findings();
        long deadline = budget.nanos().getAsLong() + budget.time().toNanos();
        long examined = 0;
        String undecided = "";
        for (Map.Entry<Key, List<Touch>> entry : byKey.entrySet()) {
            List<Touch> touches = entry.getValue();
            Search<RegisterState, RegisterOperation> search = new Search<>(
                    new RegisterModel(), touches.stream().map(Touch::timed).toList(), budget, deadline);
            examined += touches.size();
            switch (search.run()) {
                case FOUND -> {}
                case IMPOSSIBLE ->
                    findings.add(Anomaly.NOT_LINEARIZABLE, witness(entry.getKey(), touches, search.longest()));
                case OUT_OF_BUDGET ->
                    undecided = "%d calls on %s: no answer after %d states"
                            .formatted(touches.size(), CallText.of(entry.getKey()), search.statesTried());
            }
        }
        return findings.isEmpty() && !undecided.isEmpty()
                ? new Verdict.Undecided(undecided)
                : findings.verdict(examined);
    }

    /** The longest order there is, and the calls of which one had to come next. */
    private static String witness(Key key, List<Touch> touches, List<Integer> longest) {
        RegisterModel model = new RegisterModel();
        RegisterState state = model.initial();
        for (int index : longest) {
            RegisterState after = model.step(state, touches.get(index).timed().operation());
            state = after == null ? state : after;
        }
        Set<Integer> placed = new HashSet<>(longest);
        List<Touch> left = IntStream.range(0, touches.size())
                .filter(index -> !placed.contains(index))
                .mapToObj(touches::get)
                .toList();
        long firstReturn = left.stream()
                .filter(touch -> touch.timed().isRequired())
                .mapToLong(touch -> touch.call().returnNanos())
                .min()
                .orElse(Call.NEVER);
        List<Call> next = left.stream()
                .map(Touch::call)
                .filter(call -> call.callNanos() <= firstReturn)
                .toList();
        List<Call> last = longest.subList(Math.max(0, longest.size() - LAST_SHOWN), longest.size()).stream()
                .map(index -> touches.get(index).call())
                .toList();
        return """
                %s: %d of %d calls can be put in an order; it ends with
                %s
                and leaves %s, version %d, commit_ts %s%d. One of these had to come next, and none can:
                %s""".formatted(
                        CallText.of(key),
                        longest.size(),
                        touches.size(),
                        CallText.of(last),
                        CallText.shown(state.value()),
                        state.version(),
                        state.isCommitTsKnown() ? "" : "above ",
                        state.commitTs(),
                        CallText.of(next));
    }
}
