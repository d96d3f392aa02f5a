package io.statehouse.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.RetainDue;
import io.statehouse.statemachine.command.SetQuota;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.storage.TreeStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuotaTest {
    private static final String NAMESPACE = "bounded";
    private static final int VALUE_BYTES = 100;
    private static final int MANY_KEYS = 2_500;

    private final StateMachine state = StateMachine.open(new TreeStore(), Limits.DEFAULT);
    private long index;

    private Reply execute(Command command) {
        index++;
        var batch = new LoggedBatch(new Stamp(1_000 + index, new byte[16]), 1, index, List.of(command));
        return state.execute(new LogPosition(1, index), batch).get(0);
    }

    private TxnId nextId() {
        return new TxnId("t" + index);
    }

    private Reply commit(Operation... operations) {
        return execute(new CommitTransaction(nextId(), List.of(operations), List.of(), List.of(), Origin.NONE));
    }

    private static Operation put(String agent, String key, int bytes) {
        byte[] text = ("\"" + "x".repeat(bytes - 2) + "\"").getBytes(StandardCharsets.UTF_8);
        return new Operation.Put(key(agent, key), Json.ofTrusted(text));
    }

    private static Key key(String agent, String key) {
        return new Agent(Timeline.MAIN, NAMESPACE, agent).key(key);
    }

    private void setQuota(long bytes, long agents) {
        assertThat(execute(new SetQuota(nextId(), NAMESPACE, new Quota(bytes, agents, 0))))
                .isEqualTo(new Reply.RetentionSet());
    }

    private void assertPassed(Reply reply, String quota) {
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.LimitExceeded.class,
                        exceeded -> assertThat(exceeded.limit()).isEqualTo(quota));
    }

    @Test
    void whatWouldPassTheBytesIsRefusedAndDeletesAndShrinkingAlwaysWork() {
        setQuota(3 * VALUE_BYTES, 0);
        execute(new RetainDue());
        commit(put("ada", "a", VALUE_BYTES), put("ada", "b", VALUE_BYTES));

        assertPassed(commit(put("ada", "c", VALUE_BYTES)), Limits.BYTES_QUOTA);
        assertThat(state.view().find(key("ada", "c"))).isNull();

        setQuota(1, 0);
        assertThat(commit(put("ada", "a", VALUE_BYTES / 2))).isInstanceOf(Reply.Committed.class);
        assertThat(commit(new Operation.Delete(key("ada", "a")))).isInstanceOf(Reply.Committed.class);
        assertPassed(commit(put("ada", "b", VALUE_BYTES + 1)), Limits.BYTES_QUOTA);
    }

    @Test
    void whatIsTakenIsListedByNamespace() {
        assertThat(state.usages()).isEmpty();

        setQuota(3 * VALUE_BYTES, 0);
        execute(new SetQuota(nextId(), "a\0b", new Quota(0, 7, 0)));
        execute(new RetainDue());
        commit(put("ada", "a", VALUE_BYTES));

        assertThat(state.usages().keySet()).containsExactly("a\0b", NAMESPACE);
        assertThat(state.usages())
                .hasEntrySatisfying(
                        NAMESPACE, usage -> assertThat(usage.bytes()).isBetween((long) VALUE_BYTES, 2L * VALUE_BYTES))
                .hasEntrySatisfying(
                        "a\0b", usage -> assertThat(usage.quota().agentsMax()).isEqualTo(7));
    }

    @Test
    void anAgentTooManyIsRefusedAndThoseThatAreThereGoOn() {
        setQuota(0, 2);
        execute(new RetainDue());
        commit(put("ada", "k", VALUE_BYTES), put("bob", "k", VALUE_BYTES));

        assertPassed(commit(put("cy", "k", VALUE_BYTES)), Limits.AGENTS_QUOTA);
        assertThat(commit(put("bob", "l", VALUE_BYTES))).isInstanceOf(Reply.Committed.class);
    }

    @Test
    void aLargeNamespaceIsCountedALittleAtATimeWhileItIsWrittenTo() {
        int ticks = fill(false);
        var fromTheBeginning = new QuotaTest();
        fromTheBeginning.fill(true);

        assertThat(ticks).isEqualTo(MANY_KEYS / 1_000 + 1);
        assertThat(state.usage(NAMESPACE).agents()).isEqualTo(52);
        assertThat(state.usage(NAMESPACE).bytes())
                .isEqualTo(fromTheBeginning.state.usage(NAMESPACE).bytes());
    }

    private int fill(boolean isBoundFirst) {
        if (isBoundFirst) {
            setQuota(Long.MAX_VALUE, 0);
            execute(new RetainDue());
        }
        for (int key = 0; key < MANY_KEYS; key++) {
            commit(put("agent-" + key % 50, "key-" + key, VALUE_BYTES));
        }
        setQuota(Long.MAX_VALUE, 0);
        int ticks = 0;
        for (int round = 0; round < 3; round++) {
            commit(put("agent-0", "key-0", 2 * VALUE_BYTES), put("a-new-one", "key-" + round, VALUE_BYTES));
            commit(new Operation.Delete(key("agent-49", "key-49")), put("z-new-one", "key-" + round, VALUE_BYTES));
            ticks += state.usage(NAMESPACE).isCounted() ? 0 : 1;
            execute(new RetainDue());
        }
        assertThat(state.usage(NAMESPACE).isCounted()).isTrue();
        return ticks;
    }

    @Test
    void namespacesThatGetAQuotaTogetherAreCountedOneAfterTheOther() {
        int namespaces = 4;
        int keys = 400;
        for (int space = 0; space < namespaces; space++) {
            for (int key = 0; key < keys; key++) {
                var at = new Agent(Timeline.MAIN, "space-" + space, "ada").key("key-" + key);
                commit(new Operation.Put(at, Json.ofTrusted(new byte[] {'1'})));
            }
        }
        for (int space = 0; space < namespaces; space++) {
            execute(new SetQuota(nextId(), "space-" + space, new Quota(1, 0, 0)));
        }

        List<List<Boolean>> counted = new ArrayList<>();
        for (int tick = 0; tick < 2; tick++) {
            execute(new RetainDue());
            counted.add(IntStream.range(0, namespaces)
                    .mapToObj(space -> state.usage("space-" + space).isCounted())
                    .toList());
        }

        assertThat(counted).containsExactly(List.of(true, true, false, false), List.of(true, true, true, true));
    }

    @Test
    void aQuotaThatIsTakenBackBindsNobody() {
        setQuota(1, 1);
        execute(new RetainDue());
        assertPassed(commit(put("ada", "k", VALUE_BYTES)), Limits.BYTES_QUOTA);

        setQuota(0, 0);

        assertThat(commit(put("ada", "k", VALUE_BYTES))).isInstanceOf(Reply.Committed.class);
    }
}
