package io.statehouse.cluster.check.linear;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.check.Budget;
import io.statehouse.cluster.check.linear.RegisterOperation.Answer;
import io.statehouse.cluster.check.linear.RegisterOperation.Get;
import io.statehouse.cluster.check.linear.RegisterOperation.RefusedWrite;
import io.statehouse.cluster.check.linear.RegisterOperation.Write;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.command.Condition;
import io.statehouse.statemachine.command.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The search agrees with its twin that tries every order there is. */
class SearchTest {
    private static final long SEED = Long.getLong("statehouse.seed", 1);
    private static final int HISTORIES = 20_000;
    private static final int OPERATIONS_MAX = 7;
    private static final int TIMES = 12;
    private static final Key KEY = new Agent("ns", "a").key("k");

    @Test
    void theSearchAgreesWithTryingEveryOrder() {
        int legal = 0;
        for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
            List<Timed<RegisterOperation>> history = history(new SplittableRandom(seed));
            boolean expected = BruteForce.isLinearizable(new RegisterModel(), history);

            assertThat(search(history)).as("seed %d: %s", seed, history).isEqualTo(expected);
            legal += expected ? 1 : 0;
        }
        // Both answers must be common, or the agreement says little.
        assertThat(legal).isBetween(HISTORIES / 20, HISTORIES - HISTORIES / 20);
    }

    private static boolean search(List<Timed<RegisterOperation>> history) {
        Search<RegisterState, RegisterOperation> search =
                new Search<>(new RegisterModel(), history, Budget.standard(), Long.MAX_VALUE);
        return search.run() == Search.End.FOUND;
    }

    /** Answers of a true order, some of them altered, under windows that may not fit it. */
    private static List<Timed<RegisterOperation>> history(RandomGenerator random) {
        int count = 1 + random.nextInt(OPERATIONS_MAX);
        List<Timed<RegisterOperation>> history = new ArrayList<>();
        long version = 0;
        long commitTs = 0;
        Json value = null;
        for (int index = 0; index < count; index++) {
            int lie = random.nextInt(25) == 0 ? 1 : 0;
            RegisterOperation operation;
            int kind = random.nextInt(6);
            if (kind < 3) {
                operation = new Get(value, version + lie, commitTs);
            } else if (kind == 3) {
                operation = new RefusedWrite(
                        List.of(new Condition.VersionEquals(KEY, version + 1)), version + lie, commitTs);
            } else {
                version++;
                commitTs++;
                value = Json.ofTrusted(Integer.toString(index).getBytes(StandardCharsets.UTF_8));
                List<Condition> conditions =
                        kind == 4 ? List.of() : List.of(new Condition.UnchangedSince(KEY, new CommitTs(commitTs - 1)));
                operation = new Write(
                        List.of(new Operation.Put(KEY, value)),
                        conditions,
                        random.nextInt(4) == 0 ? null : new Answer(commitTs + lie, List.of(version)));
            }
            history.add(timed(operation, index, random));
        }
        return history;
    }

    private static Timed<RegisterOperation> timed(RegisterOperation operation, int place, RandomGenerator random) {
        long middle = 2L * place;
        long call = Math.max(0, middle - random.nextInt(TIMES / 3));
        long back = middle + random.nextInt(TIMES / 3) - (random.nextInt(8) == 0 ? 3 : 0);
        boolean isUnknown = operation instanceof Write write && write.answer() == null && random.nextBoolean();
        return new Timed<>(operation, call, Math.max(call, back), !isUnknown);
    }
}
