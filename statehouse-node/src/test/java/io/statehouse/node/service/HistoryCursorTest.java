package io.statehouse.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.raft.Member;
import io.statehouse.raft.ReplicatedLog;
import io.statehouse.raft.SoloLog;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.CommitTransaction;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.history.JournalQuery;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.TreeStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryCursorTest {
    private static final int EVENTS = 1_500;
    private static final Agent ADA = new Agent(Agent.DEFAULT_NAMESPACE, "ada");

    private final AtomicLong journalReads = new AtomicLong();
    private final AtomicLong pages = new AtomicLong();

    /** The commits of one agent are found in its index, and each is read from the journal. */
    private final Store store = observed(Store.class, new TreeStore(), (method, arguments) -> {
        if (method.getName().equals("get") && arguments[0] == Table.JOURNAL) {
            journalReads.incrementAndGet();
        }
    });

    private final ReplicatedLog log = observed(
            ReplicatedLog.class,
            SoloLog.open(
                    new Member("n1", "127.0.0.1:1", "127.0.0.1:1"),
                    StateMachine.open(store, Limits.DEFAULT),
                    Clock.systemUTC(),
                    new SplittableRandom(1)),
            (method, arguments) -> {
                if (method.getName().equals("query")) {
                    pages.incrementAndGet();
                }
            });

    private static <T> T observed(Class<T> type, T observed, BiConsumer<Method, Object[]> onCall) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    onCall.accept(method, arguments);
                    try {
                        return method.invoke(observed, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @BeforeEach
    void commit() {
        log.start();
        for (int event = 1; event <= EVENTS; event++) {
            // Every hundredth is what the filter below lets through.
            Operation put = new Operation.Put(
                    ADA.key(event % 100 == 0 ? "rare" : "often"), Json.ofTrusted("1".getBytes(StandardCharsets.UTF_8)));
            var unused = log.propose(new CommitTransaction(
                            new TxnId("id-" + event), List.of(put), List.of(), List.of(), Origin.NONE))
                    .join();
        }
        journalReads.set(0);
        pages.set(0);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private List<Long> newest(long limit, String keyPrefix) {
        var query = new JournalQuery(new JournalQuery.Scope.OfAgent(ADA), new CommitTs(1), new CommitTs(EVENTS), true);
        var filter =
                new HistoryFilter(keyPrefix, HistoryFilter.Kind.ANY, List.of(), "", Long.MIN_VALUE, Long.MAX_VALUE);
        var cursor = new HistoryCursor(new HistoryCursor.Source(log, Viewer.OF_ALL), query, filter, limit);
        List<Long> commits = new ArrayList<>();
        while (!cursor.isDone()) {
            cursor.advance(event -> commits.add(event.commitTs().value()));
        }
        return commits;
    }

    private static List<Long> downFrom(long newest, long step, long count) {
        return LongStream.range(0, count)
                .map(number -> newest - number * step)
                .boxed()
                .toList();
    }

    @Test
    void whoeverAsksForTheLastTenDoesNotWaitForHundreds() {
        assertThat(newest(10, "")).isEqualTo(downFrom(EVENTS, 1, 10));

        assertThat(journalReads).hasValue(10);
    }

    @Test
    void whereFewMatchPagesGrowAndNothingIsReadTwice() {
        assertThat(newest(10, "rare")).isEqualTo(downFrom(EVENTS, 100, 10));

        // The tenth match is the 901st row.
        assertThat(pages).hasValue(7);
        assertThat(journalReads).hasValue(10 + 20 + 40 + 80 + 160 + 320 + 512);
    }

    @Test
    void noMoreIsReadThanIsStillWanted() {
        // More than a page has room for, so the second is for what the first has left.
        assertThat(newest(500, "")).isEqualTo(downFrom(EVENTS, 1, 500));

        assertThat(pages).hasValueGreaterThan(1);
        assertThat(journalReads).hasValue(500);
    }

    @Test
    void everythingIsReadOnce() {
        assertThat(newest(Long.MAX_VALUE, "")).isEqualTo(downFrom(EVENTS, 1, EVENTS));

        assertThat(journalReads).hasValue(EVENTS);
    }
}
