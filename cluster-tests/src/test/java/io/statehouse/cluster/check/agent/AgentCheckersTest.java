package io.statehouse.cluster.check.agent;

import static io.statehouse.cluster.check.Anomaly.ANSWERS_DIFFER;
import static io.statehouse.cluster.check.Anomaly.COMMIT_ORDER;
import static io.statehouse.cluster.check.Anomaly.DOUBLE_APPLY;
import static io.statehouse.cluster.check.Anomaly.FAILED_BUT_APPLIED;
import static io.statehouse.cluster.check.Anomaly.FENCE_PASSED;
import static io.statehouse.cluster.check.Anomaly.GARBAGE;
import static io.statehouse.cluster.check.Anomaly.GRANTED_TWICE;
import static io.statehouse.cluster.check.Anomaly.LOST_WRITE;
import static io.statehouse.cluster.check.Anomaly.SEQUENCE_GAP;
import static io.statehouse.cluster.check.Anomaly.STALE_READ;
import static io.statehouse.cluster.check.Anomaly.TOKEN_FELL;
import static io.statehouse.cluster.check.Script.json;
import static io.statehouse.cluster.check.Script.txn;
import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.cluster.check.Checker;
import io.statehouse.cluster.check.Script;
import io.statehouse.cluster.check.Verdict;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgentCheckersTest {
    private static final Checker SESSIONS = new SessionChecker();
    private static final Checker TOOLS = new ToolChecker();

    private final Script session = new Script(Load.SESSIONS);
    private final Script tools = new Script(Load.TOOLS);
    private final AtomicInteger ids = new AtomicInteger();

    private Request execute(String method, String params) {
        return new Request.Execute(txn("id-" + ids.incrementAndGet()), method, json(params));
    }

    private static Response answered(String answer) {
        return new Response.Answered(json(answer));
    }

    private Request append(int mark) {
        return execute("events.append", "{\"session_id\":\"s\",\"payload\":{\"n\":" + mark + "}}");
    }

    private static Response number(int number) {
        return answered("{\"sequence_number\":" + number + "}");
    }

    private static Request read(int from) {
        return new Request.Query("events.read", json("{\"id\":\"s\",\"from_seq\":" + from + "}"));
    }

    /** Events from 1 on with these marks. */
    private static Response row(int... marks) {
        return answered("{\"events\":["
                + IntStream.range(0, marks.length)
                        .mapToObj(index ->
                                "{\"sequence_number\":%d,\"payload\":{\"n\":%d}}".formatted(index + 1, marks[index]))
                        .collect(Collectors.joining(","))
                + "],\"next_seq\":null}");
    }

    @Test
    void emptyHistoriesAreLegal() {
        session.isLegalTo(SESSIONS);
        tools.isLegalTo(TOOLS);
    }

    @Test
    void eventsStandWhereTheirWritersWereTold() {
        session.at(0, 1).ok(append(7), number(1)).at(0, 2).ok(append(8), number(2));
        session.at(3, 4).ok(read(1), row(7, 8));
        session.isLegalTo(SESSIONS);

        session.at(5, 6).ok(append(9), number(3)).at(7, 8).ok(read(1), row(7, 8));
        session.isIllegalTo(SESSIONS, LOST_WRITE, STALE_READ);
    }

    @Test
    void whatNobodyReadsInTheEndProvesNothing() {
        session.at(0, 1).ok(append(7), number(1)).at(0, 2).ok(read(1), row());

        assertThat(SESSIONS.check(session.history())).isInstanceOf(Verdict.Undecided.class);
    }

    @Test
    void anEventWhoseWriterHeardNothingMayBeThereOrNot() {
        session.at(0, 1).unknown(append(7)).at(0, 1).unknown(append(8));
        session.at(5, 6).ok(read(1), row(8));

        session.isLegalTo(SESSIONS);
    }

    @Test
    void anEventOfARefusedCallOrOfNoneOrTwiceIsWrong() {
        session.at(0, 1).fail(append(7), new Response.Refused("FENCED", ""));
        session.at(0, 1).ok(append(8), number(2));
        session.at(5, 6).ok(read(1), row(7, 8, 8, 9));

        session.isIllegalTo(SESSIONS, FAILED_BUT_APPLIED, DOUBLE_APPLY, GARBAGE);
    }

    @Test
    void numbersHaveNoGapAndStayWhatTheyWere() {
        session.at(0, 1).ok(append(7), number(1)).at(0, 1).unknown(append(8));
        session.at(2, 3).ok(read(1), row(7, 8)).at(4, 5).ok(read(1), row(7, 9));
        session.isIllegalTo(SESSIONS, ANSWERS_DIFFER);

        Script gap = new Script(Load.SESSIONS);
        gap.at(0, 1)
                .ok(append(7), number(2))
                .at(2, 3)
                .ok(read(1), answered("{\"events\":[" + "{\"sequence_number\":2,\"payload\":{\"n\":7}}]}"));
        gap.isIllegalTo(SESSIONS, SEQUENCE_GAP, SEQUENCE_GAP);
    }

    @Test
    void whoCameLaterStandsLater() {
        session.at(0, 1).ok(append(7), number(2)).at(2, 3).ok(append(8), number(1));
        session.at(5, 6).ok(read(1), row(8, 7));

        session.isIllegalTo(SESSIONS, COMMIT_ORDER);
    }

    @Test
    void nothingIsWrittenUnderATokenAfterALargerOne() {
        session.at(0, 9).unknown(append(7)).at(0, 9).unknown(append(8));
        String under = "{\"sequence_number\":%d,\"payload\":{\"n\":%d,\"fences\":[{\"resource\":\"r\",\"token\":%d}]}}";
        session.at(10, 11)
                .ok(
                        read(1),
                        answered("{\"events\":[" + under.formatted(1, 7, 4) + "," + under.formatted(2, 8, 3) + "]}"));

        session.isIllegalTo(SESSIONS, FENCE_PASSED);
    }

    private Request acquire() {
        return execute("lease.acquire", "{\"resources\":[\"r\"]}");
    }

    private static Response lease(int token) {
        return answered("{\"granted\":true,\"leases\":[{\"resource\":\"r\",\"token\":" + token + "}]}");
    }

    @Test
    void aLeaseIsGivenOnceAndTokensGrow() {
        session.at(0, 1).ok(acquire(), lease(1)).at(2, 3).ok(acquire(), lease(5));
        session.at(4, 5).ok(acquire(), answered("{\"granted\":false,\"leases\":[]}"));
        session.isLegalTo(SESSIONS);

        session.at(6, 7).ok(acquire(), lease(4)).at(6, 7).ok(acquire(), lease(5));
        session.isIllegalTo(SESSIONS, TOKEN_FELL, GRANTED_TWICE);
    }

    private Request claim(boolean isRepeatable) {
        return execute("tools.claim", "{\"key\":\"k\",\"is_repeatable\":" + isRepeatable + "}");
    }

    private Request finish(int mark) {
        return execute("tools.finish", "{\"key\":\"k\",\"output\":{\"n\":" + mark + "}}");
    }

    private static Response granted(int token) {
        return answered("{\"status\":\"running\",\"token\":" + token + "}");
    }

    private static Response is(String status) {
        return answered("{\"status\":\"" + status + "\",\"output\":null}");
    }

    private static Response succeeded(int mark) {
        return answered("{\"status\":\"succeeded\",\"output\":{\"n\":" + mark + "}}");
    }

    @Test
    void oneDoesItAndAllHearOfIt() {
        tools.at(0, 1).ok(claim(false), granted(1)).at(0, 2).ok(claim(false), is("running"));
        tools.at(2, 3).ok(finish(7), succeeded(7)).at(4, 5).ok(claim(false), succeeded(7));
        tools.isLegalTo(TOOLS);

        tools.at(6, 7).ok(claim(false), is("ambiguous"));
        tools.isIllegalTo(TOOLS, LOST_WRITE);

        Script gone = new Script(Load.TOOLS);
        gone.at(0, 1).ok(claim(false), granted(1)).at(2, 3).ok(finish(7), succeeded(7));
        gone.at(4, 5).fail(claim(false), new Response.Refused("KEY_NOT_FOUND", ""));
        gone.isIllegalTo(TOOLS, LOST_WRITE);
    }

    @Test
    void aClaimIsGrantedOnceOrTwiceWhereTheEffectMayBeRepeated() {
        tools.at(0, 1).ok(claim(true), granted(1)).at(2, 3).ok(claim(true), granted(2));
        tools.isLegalTo(TOOLS);

        tools.at(4, 5).ok(claim(true), granted(3));
        tools.isIllegalTo(TOOLS, GRANTED_TWICE);

        Script once = new Script(Load.TOOLS);
        once.at(0, 1).ok(claim(false), granted(1)).at(2, 3).ok(claim(false), granted(2));
        once.isIllegalTo(TOOLS, GRANTED_TWICE);
    }

    @Test
    void anOutcomeIsOfAFinishThatWasNotRefusedAndNeverAnother() {
        tools.at(0, 1).unknown(finish(7)).at(2, 3).fail(finish(8), new Response.Refused("FENCED", ""));
        tools.at(4, 5).ok(claim(true), succeeded(7));
        tools.isLegalTo(TOOLS);

        tools.at(6, 7).ok(claim(true), succeeded(8)).at(6, 7).ok(claim(true), succeeded(9));
        tools.isIllegalTo(TOOLS, FAILED_BUT_APPLIED, ANSWERS_DIFFER, GARBAGE, ANSWERS_DIFFER);
    }
}
