package io.statehouse.cluster.check.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.check.CpuTime;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WitnessScaleTest {
    private static final int CALLS = 1_000_000;
    private static final int FEWER_CALLS = 50_000;
    private static final int KEYS = 1_000;
    private static final int WINDOW = 80;

    @Test
    void aMillionCallsAreJudged() {
        History history = history(CALLS, -1);

        assertThat(CpuTime.of("witness, a million calls", () -> new WitnessChecker().check(history)))
                .isEqualTo(new Verdict.Legal(CALLS));
    }

    @Test
    void oneWrongAnswerIsFound() {
        assertThat(new WitnessChecker().check(history(FEWER_CALLS, FEWER_CALLS / 2 + 1)))
                .isInstanceOfSatisfying(
                        Verdict.Illegal.class,
                        illegal -> assertThat(illegal.findings()).hasSize(1));
    }

    /** Commits and reads by turns, one after another in effect, eight beside one another in time. */
    private static History history(int count, int wrong) {
        List<Key> keys = new ArrayList<>();
        Agent agent = new Agent("ns", "a");
        for (int key = 0; key < KEYS; key++) {
            keys.add(agent.key("k" + key));
        }
        Json[] values = new Json[KEYS];
        long[] versions = new long[KEYS];
        long[] times = new long[KEYS];
        List<Call> calls = new ArrayList<>(count);
        long commitTs = 0;
        for (int index = 0; index < count; index++) {
            int key = (int) (((index * 2_654_435_761L) >>> 8) % KEYS);
            Request request;
            Response response;
            if (index % 2 == 0) {
                commitTs++;
                Json value = Json.ofTrusted(Integer.toString(index).getBytes(StandardCharsets.UTF_8));
                values[key] = value;
                versions[key]++;
                times[key] = commitTs;
                request = new Request.Commit(
                        new TxnId("t" + index), List.of(new Operation.Put(keys.get(key), value)), List.of());
                response = new Response.Committed(new CommitTs(commitTs), List.of(versions[key]), false);
            } else {
                request = new Request.Read(keys.get(key), ReadPoint.LATEST);
                long version = versions[key] + (index == wrong ? 1 : 0);
                response = new Response.Found(values[key], version, new CommitTs(times[key]), new CommitTs(commitTs));
            }
            long at = 10L * index;
            calls.add(new Call(
                    index, index % 8, Load.MIXED, at, at + WINDOW, at + WINDOW, Outcome.OK, "n1", request, response));
        }
        return History.of(calls);
    }
}
