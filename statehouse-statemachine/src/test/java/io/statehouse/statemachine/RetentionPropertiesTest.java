package io.statehouse.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.SetRetention;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.history.Rebuild;
import io.statehouse.statemachine.history.Verification;
import io.statehouse.statemachine.history.Verification.Verdict;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.storage.TreeStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Floors are where the rules say in plain words, and nothing at or above them is missed, whatever was written. */
class RetentionPropertiesTest {
    private static final int LOGS = 30;
    private static final int BATCHES = 80;
    private static final int COMMANDS_MAX = 6;

    private final Random random = Seed.random(RetentionPropertiesTest.class);

    @Test
    void theFloorIsWhereTheRulesPutItAndAllThatIsNotBelowItIsThere() {
        for (int log = 0; log < LOGS; log++) {
            RandomLog source = new RandomLog(random);
            NaiveState model = new NaiveState(RandomLog.LIMITS);
            TreeStore store = new TreeStore();
            StateMachine state = StateMachine.open(store, RandomLog.LIMITS);
            Map<String, RetentionPolicy> policies = new TreeMap<>();
            long wallMillis = 0;
            long index = 0;
            for (int batches = 0; batches < BATCHES; batches++) {
                LoggedBatch batch = withoutPolicies(source.batch(1 + random.nextInt(COMMANDS_MAX)));
                wallMillis = Math.max(wallMillis, batch.stamp().proposedWallMillis());
                model.execute(batch);
                state.execute(new LogPosition(1, index++), batch);
                if (batches == BATCHES / 2) {
                    index = setPolicies(model, state, policies, index);
                }
            }
            while (state.isRetentionDue(wallMillis)) {
                LoggedBatch tick = new LoggedBatch(new Stamp(wallMillis, new byte[16]), 1, 1, List.of(new RetainDue()));
                model.execute(tick);
                state.execute(new LogPosition(1, index++), tick);
            }

            for (String namespace : policies.keySet()) {
                RetentionPolicy policy = policies.getOrDefault(namespace, RetentionPolicy.NONE);
                assertThat(state.retention(Timeline.MAIN, namespace).floor())
                        .as("%s of %s", policy, namespace)
                        .isEqualTo(new NaiveFloor(model, namespace, wallMillis).of(policy));
            }
            new ModelComparison(model, state, random).compareAll(source.ids());
            assertIntact(state);
            assertThat(Rebuild.run(store, new TreeStore()).isSame()).isTrue();
        }
    }

    private static LoggedBatch withoutPolicies(LoggedBatch batch) {
        List<Command> commands = batch.commands().stream()
                .filter(command -> !(command instanceof SetRetention))
                .toList();
        return new LoggedBatch(batch.stamp(), batch.proposerId(), batch.batchId(), commands);
    }

    private long setPolicies(NaiveState model, StateMachine state, Map<String, RetentionPolicy> policies, long from) {
        long index = from;
        List<String> namespaces = model.histories.keySet().stream()
                .map(key -> key.agent().namespace())
                .distinct()
                .toList();
        for (String namespace : namespaces) {
            RetentionPolicy policy = new RetentionPolicy(rule(300_000), rule(30), rule(4));
            policies.put(namespace, policy);
            TxnId id = new TxnId("policy-" + policies.size());
            LoggedBatch batch =
                    new LoggedBatch(new Stamp(0, new byte[16]), 1, 1, List.of(new SetRetention(id, namespace, policy)));
            model.execute(batch);
            state.execute(new LogPosition(1, index++), batch);
        }
        return index;
    }

    private long rule(int max) {
        return random.nextBoolean() ? 0 : 1 + random.nextInt(max);
    }

    private static void assertIntact(StateMachine state) {
        try (Verification verification = state.verify(CommitTs.ZERO)) {
            Verdict verdict = verification.next(100).verdict();
            while (verdict == null) {
                verdict = verification.next(100).verdict();
            }
            assertThat(verdict.reason()).isEmpty();
        }
    }

    /** The rules over all that ever was, without marks or bounds. */
    private static final class NaiveFloor {
        private final NaiveState model;
        private final String namespace;
        private final long wallMillis;
        private final List<CommittedTransaction> old = new ArrayList<>();

        NaiveFloor(NaiveState model, String namespace, long wallMillis) {
            this.model = model;
            this.namespace = namespace;
            this.wallMillis = wallMillis;
            for (CommittedTransaction commit : model.commits) {
                if (commit.events().stream().anyMatch(this::isHere)
                        && commit.wallMillis() <= wallMillis - Limits.RETENTION_GRACE.toMillis()) {
                    old.add(commit);
                }
            }
        }

        private boolean isHere(Event event) {
            return event.key().agent().namespace().equals(namespace);
        }

        CommitTs of(RetentionPolicy policy) {
            CommitTs floor = CommitTs.ZERO;
            for (int index = 0; index < old.size(); index++) {
                CommittedTransaction commit = old.get(index);
                boolean isTooOld =
                        policy.maxAgeMillis() > 0 && commit.wallMillis() <= wallMillis - policy.maxAgeMillis();
                boolean isTooMany = policy.maxCommits() > 0 && index <= old.size() - policy.maxCommits();
                for (Event event : commit.events().stream().filter(this::isHere).toList()) {
                    List<Entry> history = model.histories.getOrDefault(event.key(), List.of());
                    if (isTooOld || isTooMany) {
                        floor = raised(floor, history, commit.commitTs());
                    }
                    long oldest = event.version() - policy.keepVersions() + 1;
                    if (policy.keepVersions() > 0 && oldest > 1) {
                        floor = raised(
                                floor, history, history.get((int) oldest - 1).commitTs());
                    }
                }
            }
            return floor;
        }

        /** A commit that superseded nothing leaves the floor where it is. */
        private static CommitTs raised(CommitTs floor, List<Entry> history, CommitTs to) {
            boolean hasOlder = history.stream().anyMatch(entry -> to.isAfter(entry.commitTs()));
            return hasOlder && to.isAfter(floor) ? to : floor;
        }
    }
}
