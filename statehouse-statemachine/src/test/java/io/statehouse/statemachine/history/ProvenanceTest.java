package io.statehouse.statemachine.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.RandomLog;
import io.statehouse.statemachine.Seed;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.command.ReadRecord;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.history.Provenance.Position;
import io.statehouse.statemachine.history.Provenance.Read;
import io.statehouse.statemachine.history.Provenance.Reader;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.storage.TreeStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
    private static final long START = 1_800_000_000_000L;
    private static final long LONG_AFTER = 2 * Limits.DEFAULT.txnIdRetention().toMillis();
    private static final Key PRICE = new Agent("shop", "ada").key("price");
    private static final Key OFFER = new Agent("shop", "bob").key("offer");

    private StateMachine state = StateMachine.open(new TreeStore(), Limits.DEFAULT);
    private long index;

    @Test
    void aTransactionIsFoundByItsIdLongAfterItsReplyIsForgotten() {
        write(START, "t1", PRICE, "10");
        write(START + LONG_AFTER, "t2", PRICE, "11");

        assertThat(state.fate(new TxnId("t1"))).isNull();
        assertThat(found("t1").commitTs()).isEqualTo(new CommitTs(1));
        assertThat(state.provenance().find(new TxnId("t"))).isNull();
    }

    @Test
    void anIdUsedAgainStandsForItsNewestCommit() {
        write(START, "t1", PRICE, "10");
        write(START + LONG_AFTER, "t1", PRICE, "11");

        assertThat(found("t1").commitTs()).isEqualTo(new CommitTs(2));
    }

    @Test
    void aVersionKnowsTheTransactionThatMadeIt() {
        write(START, "t1", PRICE, "10");
        write(START, "t2", PRICE, "11");

        assertThat(writer(PRICE, 1).txnId()).isEqualTo(new TxnId("t1"));
        assertThat(writer(PRICE, 2).txnId()).isEqualTo(new TxnId("t2"));
        assertThat(state.provenance().findWriter(PRICE, 3)).isNull();
    }

    @Test
    void whatATransactionHadReadIsShownAsItWasThen() {
        write(START, "t1", PRICE, "10");
        write(START, "t2", OFFER, "9", new ReadRecord(PRICE, 1), new ReadRecord(OFFER, 0), new ReadRecord(PRICE, 2));
        write(START, "t3", PRICE, "11");

        List<Read> reads = state.provenance().reads(found("t2"), 0, 1_000).reads();

        assertThat(value(reads.get(0))).isEqualTo("10");
        assertThat(reads.get(1).entry()).isNull();
        // It says that it read a version that was written after it.
        assertThat(reads.get(2).entry()).isNull();
    }

    @Test
    void whoReadWhatATransactionWroteIsListedInOrderAndWithoutThoseBeforeIt() {
        write(START, "early", OFFER, "1", new ReadRecord(PRICE, 1));
        write(START, "t1", PRICE, "10");
        write(START, "t2", OFFER, "9", new ReadRecord(PRICE, 1));
        write(START, "t3", PRICE, "11", new ReadRecord(PRICE, 1));
        write(START, "t4", OFFER, "8", new ReadRecord(PRICE, 2));

        assertThat(state.provenance().readers(found("t1"), Position.START, 10).readers())
                .containsExactly(
                        new Reader(new CommitTs(3), new TxnId("t2"), PRICE, 1),
                        new Reader(new CommitTs(4), new TxnId("t3"), PRICE, 1));
    }

    @Test
    void pagesOfAnySizeMakeTheWholeAndTheWholeIsWhatTheJournalSays() {
        state = StateMachine.open(new TreeStore(), RandomLog.LIMITS);
        RandomLog log = new RandomLog(Seed.random(ProvenanceTest.class));
        for (int batch = 0; batch < 500; batch++) {
            state.execute(new LogPosition(1, batch), log.batch(5));
        }
        List<CommittedTransaction> all = all();
        int readers = 0;

        for (CommittedTransaction commit : all) {
            List<Reader> expected = expectedReaders(commit, all);
            readers += expected.size();
            for (int size = 1; size < 4; size++) {
                assertThat(readersInPages(commit, size)).isEqualTo(expected);
            }
        }

        assertThat(readers).isPositive();
    }

    private List<Reader> readersInPages(CommittedTransaction commit, int size) {
        List<Reader> readers = new ArrayList<>();
        Position next = Position.START;
        while (next != null) {
            Provenance.Readers page = state.provenance().readers(commit, next, size);
            assertThat(page.readers()).hasSizeLessThanOrEqualTo(size);
            readers.addAll(page.readers());
            next = page.next();
        }
        return readers;
    }

    private static List<Reader> expectedReaders(CommittedTransaction commit, List<CommittedTransaction> all) {
        List<Reader> readers = new ArrayList<>();
        for (Event event : commit.events()) {
            for (CommittedTransaction later : all) {
                if (later.commitTs().isAfter(commit.commitTs())
                        && later.readSet().contains(new ReadRecord(event.key(), event.version()))) {
                    readers.add(new Reader(later.commitTs(), later.txnId(), event.key(), event.version()));
                }
            }
        }
        return readers;
    }

    private List<CommittedTransaction> all() {
        JournalQuery query = new JournalQuery(
                new JournalQuery.Scope.Whole(), CommitTs.ZERO, state.view().at(), false);
        return state.journal().read(query, Integer.MAX_VALUE, Long.MAX_VALUE).events();
    }

    private CommittedTransaction found(String id) {
        return present(state.provenance().find(new TxnId(id)));
    }

    private CommittedTransaction writer(Key key, long version) {
        return present(state.provenance().findWriter(key, version));
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new AssertionError("nothing was found");
        }
        return value;
    }

    private static String value(Read read) {
        Entry entry = present(read.entry());
        return present(entry.value()).toString();
    }

    private void write(long wallMillis, String id, Key key, String json, ReadRecord... reads) {
        CommitTransaction commit = new CommitTransaction(
                new TxnId(id),
                List.of(new Operation.Put(key, Json.ofTrusted(json.getBytes(StandardCharsets.UTF_8)))),
                List.of(),
                List.of(reads),
                Origin.NONE);
        state.execute(
                new LogPosition(1, index++),
                new LoggedBatch(new Stamp(wallMillis, new byte[16]), 1, index, List.of(commit)));
    }
}
