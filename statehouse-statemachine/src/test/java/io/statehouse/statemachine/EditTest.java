package io.statehouse.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.ExpireDue;
import io.statehouse.statemachine.command.Lifetime;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.PageRequest;
import io.statehouse.statemachine.storage.TreeStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EditTest {
    private static final Agent ADA = new Agent("default", "ada");
    private static final Key DOC = ADA.key("doc");
    private static final Key LIST = ADA.key("events");

    private final StateMachine state = StateMachine.open(new TreeStore(), Limits.DEFAULT);
    private long index;

    @AfterEach
    void close() {
        state.close();
    }

    @Test
    void itemsOfAListAreNumberedFromOneWithoutAGap() {
        assertThat(versions(append("\"a\""))).containsExactly(1L);
        assertThat(versions(append("\"b\""), append("\"c\""))).containsExactly(2L, 3L);

        assertThat(state.view()
                        .scan(ADA, new PageRequest("events/", null, PageRequest.ALL, Long.MAX_VALUE))
                        .items())
                .extracting(item -> item.name() + " " + item.entry().value())
                .containsExactly(
                        "events/0000000000000000001 \"a\"",
                        "events/0000000000000000002 \"b\"",
                        "events/0000000000000000003 \"c\"");
        assertThat(held(LIST)).isEqualTo("3");
    }

    @Test
    void aRefusedTransactionTakesNoNumber() {
        execute(append("1"));

        assertThat(execute(append("2"), edit(Operation.Change.ADD, "\"no amount\"")))
                .isInstanceOf(Reply.NotApplicable.class);

        assertThat(versions(append("3"))).containsExactly(2L);
    }

    @Test
    void anItemMayHaveAnEnd() {
        execute(new Operation.Append(LIST, json("1"), new Lifetime.Lasting(10)));
        execute(append("2"));

        tick(1_001_000);

        assertThat(state.view()
                        .keys(ADA, new PageRequest("events/", null, PageRequest.ALL, Long.MAX_VALUE))
                        .items())
                .containsExactly("events/0000000000000000002");
        assertThat(versions(append("3"))).containsExactly(3L);
    }

    @Test
    void aMillionTimesAThousandthIsExactlyAThousand() {
        Operation thousandth = edit(Operation.Change.ADD, "{\"cost\":{\"usd\":0.001},\"calls\":1}");
        for (int round = 0; round < 1_000; round++) {
            execute(java.util.Collections.nCopies(1_000, thousandth).toArray(Operation[]::new));
        }

        assertThat(held(DOC)).isEqualTo("{\"cost\":{\"usd\":1000.000},\"calls\":1000000}");
    }

    @Test
    void whatIsNotThereCountsAsZeroOrAnEmptyObject() {
        execute(edit(Operation.Change.ADD, "-0.5"));
        assertThat(held(DOC)).isEqualTo("-0.5");

        execute(new Operation.Delete(DOC), edit(Operation.Change.MERGE_PATCH, "{\"a\":1,\"b\":null}"));
        assertThat(held(DOC)).isEqualTo("{\"a\":1}");

        execute(new Operation.Delete(DOC), edit(Operation.Change.JSON_PATCH, patch("add", "/a", "[]")));
        assertThat(held(DOC)).isEqualTo("{\"a\":[]}");
    }

    @Test
    void anEditSeesWhatTheTransactionMadeBefore() {
        execute(
                new Operation.Put(DOC, json("{\"n\":1}")),
                edit(Operation.Change.ADD, "{\"n\":1}"),
                edit(Operation.Change.JSON_PATCH, patch("test", "/n", "2")));

        assertThat(held(DOC)).isEqualTo("{\"n\":2}");
    }

    @Test
    void aFailedTestOfAPatchRefusesTheWholeTransactionForGood() {
        Operation[] asked = {
            new Operation.Put(LIST, json("1")), edit(Operation.Change.JSON_PATCH, patch("test", "/n", "1"))
        };

        Reply reply = execute(asked);

        assertThat(reply).isEqualTo(new Reply.NotApplicable(DOC, 1, "nothing at 'n'"));
        assertThat(state.view().find(LIST)).isNull();
        assertThat(repeat(asked)).isEqualTo(reply);
    }

    @Test
    void anEditKeepsTheDeadlineAndAnExpiredValueIsNoneToEdit() {
        execute(new Operation.Put(DOC, json("{\"a\":1}"), 50_000));
        execute(edit(Operation.Change.MERGE_PATCH, "{\"b\":2}"));
        Entry edited = Objects.requireNonNull(state.view().find(DOC));
        assertThat(edited.expiresMillis()).isEqualTo(1_050_001);

        tick(1_050_001);

        execute(edit(Operation.Change.MERGE_PATCH, "{\"c\":3}"));
        assertThat(held(DOC)).isEqualTo("{\"c\":3}");
        Entry anew = Objects.requireNonNull(state.view().find(DOC));
        assertThat(anew.expiresMillis()).isZero();
    }

    @Test
    void whatAnEditMakesHasTheBoundsOfAValue() {
        execute(new Operation.Put(DOC, json("{\"a\":\"" + "x".repeat(600_000) + "\"}")));

        assertThat(execute(edit(Operation.Change.MERGE_PATCH, "{\"b\":\"" + "x".repeat(600_000) + "\"}")))
                .isInstanceOfSatisfying(
                        Reply.LimitExceeded.class,
                        limit -> assertThat(limit.limit()).isEqualTo("valueBytesMax"));
        assertThat(execute(edit(Operation.Change.ADD, "{\"n\":1e2000}"))).isInstanceOf(Reply.NotApplicable.class);
        assertThat(execute(edit(Operation.Change.ADD, "{\"n\":1e999999999999}")))
                .isInstanceOf(Reply.NotApplicable.class);
    }

    @Test
    void aSmallPatchCannotMakeALargeOrDeepValueOnItsWay() {
        execute(new Operation.Put(DOC, json("{\"a\":\"" + "x".repeat(1_000) + "\"}")));
        StringBuilder doubling = new StringBuilder("[{\"op\":\"add\",\"path\":\"/x\",\"value\":[1]},");
        for (int step = 0; step < 40; step++) {
            doubling.append("{\"op\":\"copy\",\"from\":\"/x\",\"path\":\"/x/-\"},");
        }
        String last = "{\"op\":\"replace\",\"path\":\"\",\"value\":{}}]";
        assertThat(execute(edit(Operation.Change.JSON_PATCH, doubling + last))).isInstanceOf(Reply.NotApplicable.class);

        StringBuilder deepening = new StringBuilder("[");
        for (int step = 1; step < 300; step++) {
            deepening
                    .append("{\"op\":\"add\",\"path\":\"")
                    .append("/a".repeat(step))
                    .append("\",\"value\":{}},");
        }
        assertThat(execute(edit(Operation.Change.JSON_PATCH, deepening + last)))
                .isInstanceOfSatisfying(
                        Reply.NotApplicable.class,
                        refused -> assertThat(refused.reason()).contains("deeper than 200"));
    }

    @Test
    void theWorkOfEditsIsBounded() {
        execute(new Operation.Put(DOC, json("{\"a\":\"" + "x".repeat(1_000_000) + "\"}")));
        StringBuilder patch = new StringBuilder("[");
        for (int step = 0; step < 300; step++) {
            patch.append("{\"op\":\"add\",\"path\":\"/b\",\"value\":1},");
        }

        assertThat(execute(edit(Operation.Change.JSON_PATCH, patch + "{\"op\":\"add\",\"path\":\"/b\",\"value\":1}]")))
                .isInstanceOfSatisfying(
                        Reply.LimitExceeded.class,
                        limit -> assertThat(limit.limit()).isEqualTo("editWorkBytesMax"));
    }

    @Test
    void theWorkOfAllEditsInOneEntryIsBoundedAndOthersGoOn() {
        execute(new Operation.Put(DOC, json("{\"a\":\"" + "x".repeat(1_000_000) + "\"}")));
        String step = "{\"op\":\"add\",\"path\":\"/b\",\"value\":1}";
        Operation costly = edit(Operation.Change.JSON_PATCH, "[" + (step + ",").repeat(24) + step + "]");
        Operation cheap = new Operation.Edit(ADA.key("count"), Operation.Change.ADD, json("1"));

        LogPosition next = new LogPosition(1, state.applied().index() + 1);
        List<Reply> replies = state.execute(
                next,
                new LoggedBatch(
                        new Stamp(1_000_000, new byte[16]),
                        1,
                        next.index(),
                        List.of(
                                commit("e1", costly),
                                commit("e2", costly),
                                commit("e3", costly),
                                commit("e4", cheap))));

        assertThat(replies.subList(0, 2)).allMatch(Reply.Committed.class::isInstance);
        assertThat(replies.get(2))
                .isInstanceOfSatisfying(
                        Reply.LimitExceeded.class,
                        limit -> assertThat(limit.limit()).isEqualTo("entryEditWorkBytesMax"));
        assertThat(replies.get(3)).isInstanceOf(Reply.Committed.class);
        assertThat(run(commit("e3", costly), 1_000_000))
                .as("the same again, in an entry of its own")
                .isInstanceOf(Reply.Committed.class);
    }

    @Test
    void whatShortPatchesMakeIsBoundedToo() {
        StringBuilder doubling =
                new StringBuilder("[{\"op\":\"add\",\"path\":\"/a\",\"value\":\"" + "x".repeat(480) + "\"}");
        for (int step = 0; step < 10; step++) {
            doubling.append(",{\"op\":\"copy\",\"from\":\"\",\"path\":\"/c")
                    .append(step)
                    .append("\"}");
        }
        String patch = doubling.append(']').toString();
        Operation[] operations = IntStream.range(0, 1_000)
                .mapToObj(i -> new Operation.Edit(ADA.key("doc-" + i), Operation.Change.JSON_PATCH, json(patch)))
                .toArray(Operation[]::new);

        assertThat(execute(edit(Operation.Change.JSON_PATCH, patch))).isInstanceOf(Reply.Committed.class);
        assertThat(execute(operations))
                .isInstanceOfSatisfying(
                        Reply.LimitExceeded.class,
                        limit -> assertThat(limit.limit()).isEqualTo("editWorkBytesMax"));
    }

    @Test
    void stepsCostWhatTheValueHasGrownTo() {
        StringBuilder patch =
                new StringBuilder("[{\"op\":\"add\",\"path\":\"/a\",\"value\":\"" + "x".repeat(480) + "\"}");
        for (int step = 0; step < 10; step++) {
            patch.append(",{\"op\":\"copy\",\"from\":\"\",\"path\":\"/c")
                    .append(step)
                    .append("\"}");
        }
        for (int step = 0; step < 200; step++) {
            patch.append(",{\"op\":\"move\",\"from\":\"/c")
                    .append(9 + step % 2)
                    .append("\",\"path\":\"/c")
                    .append(10 - step % 2)
                    .append("\"}");
        }

        assertThat(execute(edit(Operation.Change.JSON_PATCH, patch + "]")))
                .isInstanceOfSatisfying(
                        Reply.LimitExceeded.class,
                        limit -> assertThat(limit.limit()).isEqualTo("editWorkBytesMax"));
    }

    @Test
    void whatAnAddMakesCanBeAddedToAgain() {
        for (String number : List.of("1e-990", "-1e-990", "1e989", "-1e989", "-0." + "9".repeat(989))) {
            Key key = ADA.key("sum " + number.length() + number.charAt(0) + number.charAt(number.length() - 1));
            var add = new Operation.Edit(key, Operation.Change.ADD, json(number));
            assertThat(execute(add)).as(number).isInstanceOf(Reply.Committed.class);
            assertThat(execute(add)).as(number + " again").isInstanceOf(Reply.Committed.class);
        }
    }

    @Test
    void aNumberOfVeryManyDigitsIsNotEvenRead() {
        for (String number : List.of("1".repeat(900_000), "0." + "0".repeat(900_000) + "1", "1e999999999")) {
            assertThat(execute(edit(Operation.Change.ADD, number)))
                    .isInstanceOfSatisfying(
                            Reply.NotApplicable.class,
                            refused -> assertThat(refused.reason()).contains("more than "));
        }
    }

    private static CommitTransaction commit(String id, Operation operation) {
        return new CommitTransaction(new TxnId(id), List.of(operation), List.of(), List.of(), Origin.NONE);
    }

    @Test
    void aListWhoseItemsWouldHaveTooLongNamesIsRefused() {
        Key longest = ADA.key("k".repeat(Limits.DEFAULT.keyBytesMax() - Operation.Append.ITEM_NAME_BYTES));

        assertThat(execute(new Operation.Append(longest, json("1")))).isInstanceOf(Reply.Committed.class);
        assertThat(execute(new Operation.Append(ADA.key(longest.name() + "k"), json("1"))))
                .isInstanceOfSatisfying(
                        Reply.LimitExceeded.class,
                        limit -> assertThat(limit.limit()).isEqualTo("keyBytesMax"));
    }

    private static Operation append(String item) {
        return new Operation.Append(LIST, json(item));
    }

    private static Operation edit(Operation.Change change, String argument) {
        return new Operation.Edit(DOC, change, json(argument));
    }

    private static String patch(String op, String path, String value) {
        return "[{\"op\":\"" + op + "\",\"path\":\"" + path + "\",\"value\":" + value + "}]";
    }

    private static Json json(String text) {
        return Json.ofTrusted(text.getBytes(StandardCharsets.UTF_8));
    }

    private String held(Key key) {
        Entry entry = state.view().find(key);
        return entry == null ? "nothing" : String.valueOf(entry.value());
    }

    private List<Long> versions(Operation... operations) {
        return execute(operations) instanceof Reply.Committed committed ? committed.versions() : List.of();
    }

    private Reply execute(Operation... operations) {
        index++;
        return repeat(operations);
    }

    private Reply repeat(Operation... operations) {
        TxnId id = new TxnId("t" + index);
        return run(new CommitTransaction(id, List.of(operations), List.of(), List.of(), Origin.NONE), 1_000_000);
    }

    private void tick(long wallMillis) {
        run(new ExpireDue(), wallMillis);
    }

    private Reply run(io.statehouse.statemachine.command.Command command, long wallMillis) {
        LogPosition next = new LogPosition(1, state.applied().index() + 1);
        // Time goes on with every command, as it does on a leader.
        Stamp stamp = new Stamp(wallMillis + index, new byte[16]);
        return state.execute(next, new LoggedBatch(stamp, 1, next.index(), List.of(command)))
                .getFirst();
    }
}
