package io.statehouse.statemachine.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Origin;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.project.Projector;
import io.statehouse.statemachine.storage.ObservedStore;
import io.statehouse.statemachine.storage.TreeStore;
import io.statehouse.statemachine.storage.WriteUnit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CommitViewTest {
    private static final Agent ADA = new Agent("default", "ada");
    private static final Key TASK = ADA.key("task");
    private static final int VERSIONS = 10_000;
    /** Halving ten thousand commits takes fourteen steps. */
    private static final int SEEKS_MAX = 17;

    private int seeks;
    private final ObservedStore store =
            new ObservedStore(new TreeStore(), (look, table) -> seeks += look == ObservedStore.Look.OPEN ? 0 : 1);

    @Test
    void anyOfManyVersionsIsFoundInAFewSeeks() {
        for (int version = 1; version <= VERSIONS; version++) {
            project(version, new Event.EntryPut(TASK, version, json(version)));
        }
        StateView view = view(VERSIONS);

        for (int version = 1; version <= VERSIONS; version += 37) {
            seeks = 0;
            Entry entry = Objects.requireNonNull(view.findVersion(TASK, version));

            assertThat(entry.version()).isEqualTo(version);
            assertThat(seeks).isLessThanOrEqualTo(SEEKS_MAX);
        }
    }

    @Test
    void versionsOfOneCommitAreAllFound() {
        project(1, new Event.EntryPut(TASK, 1, json(1)));
        project(
                2,
                new Event.EntryPut(TASK, 2, json(2)),
                new Event.EntryDeleted(TASK, 3),
                new Event.EntryPut(TASK, 4, json(4)));

        StateView view = view(2);

        for (long version = 1; version <= 4; version++) {
            Entry entry = Objects.requireNonNull(view.findVersion(TASK, version));
            assertThat(entry.version()).isEqualTo(version);
            assertThat(entry.isTombstone()).isEqualTo(version == 3);
        }
        assertThat(view.findVersion(TASK, 5)).isNull();
        assertThat(view(1).findVersion(TASK, 2)).isNull();
        assertThat(view.find(TASK)).isEqualTo(view.findVersion(TASK, 4));
    }

    @Test
    void aReadCostsTheSameHoweverLongTheHistoryIs() {
        for (int version = 1; version <= VERSIONS; version++) {
            project(version, new Event.EntryPut(TASK, version, json(version)));
        }
        seeks = 0;
        view(VERSIONS / 2).find(TASK);
        int ofThePast = seeks;
        seeks = 0;
        view(VERSIONS).find(TASK);

        // The head of the key, the version, and how far back the namespace is kept.
        assertThat(ofThePast).isEqualTo(3);
        assertThat(seeks).isEqualTo(3);
    }

    @Test
    void theWallTimeIsAskedForOnceAndOnlyWhereThereIsADeadline() {
        Agent bea = new Agent(Agent.DEFAULT_NAMESPACE, "bea");
        PageRequest all = new PageRequest("", null, 10, Long.MAX_VALUE);
        project(
                1,
                new Event.EntryPut(ADA.key("forever"), 1, json(1)),
                new Event.EntryPut(ADA.key("over"), 1, json(2), 100),
                new Event.EntryPut(ADA.key("to come"), 1, json(3), 101),
                new Event.EntryPut(bea.key("forever"), 1, json(4)));
        AtomicInteger asked = new AtomicInteger();
        StateView view = new CommitView(store, new CommitTs(1), () -> {
            asked.incrementAndGet();
            return 100;
        });

        assertThat(view.find(ADA.key("forever"))).isNotNull();
        assertThat(view.keys(bea, all).items()).containsExactly("forever");
        assertThat(view.scan(bea, all).items()).hasSize(1);
        assertThat(asked).hasValue(0);
        assertThat(view.keys(ADA, all).items()).containsExactly("forever", "to come");
        assertThat(view.scan(ADA, all).items()).hasSize(2);
        assertThat(view.find(ADA.key("over"))).returns(true, Entry::isTombstone);
        assertThat(view.find(ADA.key("to come"))).returns(false, Entry::isTombstone);
        assertThat(view.wallMillis()).isEqualTo(100);
        assertThat(asked).hasValue(1);
    }

    @Test
    void aPageOfDeletedKeysEndsAndSaysWhereToGoOn() {
        int keys = CommitView.NAMES_PASSED_MAX + 5;
        List<Event> deletes = new ArrayList<>();
        for (int key = 0; key < keys; key++) {
            deletes.add(new Event.EntryDeleted(ADA.key(String.format(java.util.Locale.ROOT, "%06d", key)), 1));
        }
        deletes.add(new Event.EntryPut(ADA.key("alive"), 1, json(1)));
        project(1, deletes.toArray(new Event[0]));

        Page<String> first = view(1).keys(ADA, new PageRequest("", null, 10, Long.MAX_VALUE));
        Page<String> second = view(1).keys(ADA, new PageRequest("", first.next(), 10, Long.MAX_VALUE));

        assertThat(first.items()).isEmpty();
        assertThat(first.next()).isNotNull();
        assertThat(second).isEqualTo(new Page<>(List.of("alive"), null));
        assertThat(view(1).keys(ADA, new PageRequest("", null, PageRequest.ALL, Long.MAX_VALUE)))
                .isEqualTo(new Page<>(List.of("alive"), null));
    }

    @Test
    void aPageEndsAfterTheItemThatPassesTheBytes() {
        project(
                1,
                new Event.EntryPut(ADA.key("a"), 1, json(1_000_000)),
                new Event.EntryPut(ADA.key("b"), 1, json(1_000_000)));

        Page<NamedEntry> page = view(1).scan(ADA, new PageRequest("", null, 10, 5));

        assertThat(page.items()).extracting(NamedEntry::name).containsExactly("a");
        assertThat(page.next()).isEqualTo("a");
    }

    private StateView view(long at) {
        return new CommitView(store, new CommitPoint(new CommitTs(at), at));
    }

    private void project(long at, Event... events) {
        try (WriteUnit unit = new WriteUnit(store)) {
            Projector.project(
                    new CommittedTransaction(
                            new CommitTs(at), at, new TxnId("t" + at), List.of(events), List.of(), Origin.NONE),
                    unit,
                    StateDigest.EMPTY);
            store.write(unit);
        }
    }

    private static Json json(long number) {
        return Json.ofTrusted(Long.toString(number).getBytes(StandardCharsets.UTF_8));
    }
}
