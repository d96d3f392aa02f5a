package io.statehouse.cluster.check;

import static io.statehouse.cluster.check.Script.json;
import static io.statehouse.cluster.check.Script.key;
import static io.statehouse.cluster.check.Script.ts;
import static io.statehouse.cluster.check.Script.txn;
import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.statemachine.command.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResolutionTest {
    /** The replay of a script is asked for at 1000. */
    private static final long AFTER_THE_REPLAY = 2_000;

    private static final Request READ = new Request.Read(key("k"), ReadPoint.LATEST);
    private static final Response FOUND = new Response.Found(null, 0, ts(0), ts(0));

    private final Script script = new Script(Load.REGISTER).at(0, 1).unknown(put("t", "1"));

    @Test
    void whatTheJournalHoldsWasCommitted() {
        Call resolved = resolved(script.journal(1, "t", "k", "1"));

        assertThat(resolved.outcome()).isEqualTo(Outcome.OK);
        assertThat(resolved.response()).isEqualTo(new Response.Committed(ts(1), List.of(1L), true));
        assertThat(resolved.returnNanos()).isEqualTo(Call.NEVER);
    }

    @Test
    void whatTheJournalHoldsWithOtherContentsWasRefused() {
        assertThat(resolved(script.journal(1, "t", "k", "2")).outcome()).isEqualTo(Outcome.FAIL);
    }

    @Test
    void whatTheLastLookAtTheJournalDoesNotHoldFailed() {
        assertThat(resolved(script.journal()).outcome()).isEqualTo(Outcome.FAIL);
    }

    @Test
    void whatMayHaveBeenCommittedAfterTheReplayStaysUnknown() {
        script.journal().at(AFTER_THE_REPLAY, AFTER_THE_REPLAY).ok(READ, FOUND);

        assertThat(resolved(script).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void whatWasFencedFailed() {
        script.at(AFTER_THE_REPLAY, AFTER_THE_REPLAY)
                .ok(new Request.Resolve(txn("t")), new Response.Fate(Response.Fate.ABORTED, ts(0)));

        assertThat(resolved(script).outcome()).isEqualTo(Outcome.FAIL);
    }

    @Test
    void whatWasFencedWithoutAFateStaysUnknown() {
        script.at(2, 3).ok(new Request.Resolve(txn("t")), new Response.Fate(Response.Fate.UNKNOWN, ts(0)));

        assertThat(resolved(script).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void withoutAJournalNothingIsResolved() {
        assertThat(resolved(script).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    private static Call resolved(Script script) {
        return Resolution.resolve(script.history()).calls().getFirst();
    }

    private static Request put(String txn, String value) {
        return new Request.Commit(txn(txn), List.of(new Operation.Put(key("k"), json(value))), List.of());
    }
}
