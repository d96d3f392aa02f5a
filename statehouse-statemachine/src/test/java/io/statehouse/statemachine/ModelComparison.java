package io.statehouse.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.history.JournalPage;
import io.statehouse.statemachine.history.JournalQuery;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.NamedEntry;
import io.statehouse.statemachine.state.Page;
import io.statehouse.statemachine.state.PageRequest;
import io.statehouse.statemachine.state.StateView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** Asks a state machine every question and the model the same. */
final class ModelComparison {
    private final NaiveState model;
    private final StateMachine state;
    private final Random random;

    ModelComparison(NaiveState model, StateMachine state, Random random) {
        this.model = model;
        this.state = state;
        this.random = random;
    }

    void compareAll(List<TxnId> ids) {
        CommitTs now = new CommitTs(model.commits.size());
        assertThat(state.view().at()).isEqualTo(now);
        compareView(state.view());
        compareView(state.viewAt(CommitTs.ZERO));
        for (int times = 0; times < 3; times++) {
            StateView past = state.viewAt(new CommitTs(random.nextInt(model.commits.size() + 1)));
            compareView(past);
            compareWithReplay(past);
        }
        compareWallTimes();
        compareJournals();
        for (TxnId id : ids) {
            assertThat(state.fate(id)).isEqualTo(model.fate(id));
        }
    }

    private void compareView(StateView view) {
        CommitTs at = view.at();
        assertThat(view.wallMillis())
                .isEqualTo(
                        at.value() == 0
                                ? 0
                                : model.commits.get((int) at.value() - 1).wallMillis());
        model.histories.forEach((key, history) -> {
            if (isCompacted(key.agent(), at)) {
                assertCompacted(key.agent(), () -> view.find(key));
                assertCompacted(key.agent(), () -> view.versions(key, Long.MAX_VALUE, 1, 1));
                return;
            }
            assertThat(view.find(key)).isEqualTo(model.find(key, at));
            for (long version = 0; version <= history.size() + 1; version++) {
                compareVersion(view, key, version);
            }
        });
        for (String namespace : names(at, key -> key.agent().namespace())) {
            for (String agent : agents(at, namespace)) {
                compareListings(view, new Agent(namespace, agent));
            }
            assertThat(pages(request -> view.agents(Timeline.MAIN, namespace, request), "", name -> name))
                    .isEqualTo(agents(at, namespace));
        }
        assertThat(pages(request -> view.namespaces(Timeline.MAIN, request), "", name -> name))
                .isEqualTo(names(at, key -> key.agent().namespace()));
    }

    private void compareVersion(StateView view, Key key, long version) {
        Entry wanted = version(model.histories.getOrDefault(key, List.of()), version, view.at());
        if (wanted != null && floor(key.agent()).isAfter(wanted.commitTs())) {
            try {
                assertThat(view.findVersion(key, version)).isEqualTo(wanted);
            } catch (CompactedException e) {
                assertThat(e.oldest()).isEqualTo(floor(key.agent()));
            }
        } else {
            assertThat(view.findVersion(key, version)).isEqualTo(wanted);
        }
    }

    private CommitTs floor(Agent agent) {
        return state.retention(agent.timeline(), agent.namespace()).floor();
    }

    private boolean isCompacted(Agent agent, CommitTs at) {
        return floor(agent).isAfter(at);
    }

    private void assertCompacted(Agent agent, ThrowingCallable question) {
        assertThatThrownBy(question)
                .isInstanceOfSatisfying(
                        CompactedException.class, e -> assertThat(e.oldest()).isEqualTo(floor(agent)));
    }

    private void compareListings(StateView view, Agent agent) {
        if (isCompacted(agent, view.at())) {
            PageRequest any = new PageRequest("", null, 1, 1);
            assertCompacted(agent, () -> view.scan(agent, any));
            assertCompacted(agent, () -> view.keys(agent, any));
            return;
        }
        for (String prefix : List.of("", "a", "a\0", RandomLog.HOSTILE.get(random.nextInt(RandomLog.HOSTILE.size())))) {
            List<NamedEntry> wanted = new ArrayList<>();
            model.histories.forEach((key, history) -> {
                Entry entry = model.find(key, view.at());
                if (key.agent().equals(agent)
                        && key.name().startsWith(prefix)
                        && entry != null
                        && !entry.isTombstone()) {
                    wanted.add(new NamedEntry(key.name(), entry));
                }
            });
            assertThat(pages(request -> view.scan(agent, request), prefix, NamedEntry::name))
                    .isEqualTo(wanted);
            assertThat(pages(request -> view.keys(agent, request), prefix, name -> name))
                    .isEqualTo(wanted.stream().map(NamedEntry::name).toList());
        }
    }

    /** All pages of a listing, of random size. */
    private <T> List<T> pages(Function<PageRequest, Page<T>> listing, String prefix, Function<T, String> nameOf) {
        List<T> all = new ArrayList<>();
        String after = null;
        do {
            long bytesMax = random.nextBoolean() ? Long.MAX_VALUE : random.nextInt(100);
            Page<T> page = listing.apply(new PageRequest(prefix, after, 1 + random.nextInt(5), bytesMax));
            all.addAll(page.items());
            after = page.next();
            assertThat(page.items().stream().map(nameOf)).isSortedAccordingTo(ModelComparison::compareBytes);
        } while (after != null);
        return all;
    }

    /** A read at a point is the fold of the replay up to it. */
    private void compareWithReplay(StateView view) {
        Map<Key, Event> last = new HashMap<>();
        JournalQuery query = new JournalQuery(new JournalQuery.Scope.Whole(), CommitTs.ZERO, view.at(), false);
        for (CommittedTransaction commit : readAll(query)) {
            commit.events().forEach(event -> last.put(event.key(), event));
        }
        last.forEach((key, event) -> {
            if (isCompacted(key.agent(), view.at())) {
                return;
            }
            Entry entry = Objects.requireNonNull(view.find(key));
            assertThat(entry.version()).isEqualTo(event.version());
            assertThat(entry.value())
                    .isEqualTo(
                            switch (event) {
                                case Event.EntryPut put ->
                                    put.expires() && put.expiresMillis() <= view.wallMillis() ? null : put.value();
                                case Event.EntryDeleted deleted -> null;
                                case Event.EntryErased erased -> throw new AssertionError(erased);
                            });
        });
    }

    private void compareWallTimes() {
        for (CommittedTransaction commit : model.commits) {
            for (long millis : List.of(commit.wallMillis() - 1, commit.wallMillis())) {
                long wanted = model.commits.stream()
                        .filter(other -> other.wallMillis() <= millis)
                        .count();
                assertThat(state.viewAtWall(millis).at()).isEqualTo(new CommitTs(wanted));
            }
        }
    }

    private void compareJournals() {
        CommitTs end = new CommitTs(Long.MAX_VALUE - 1);
        List<JournalQuery.Scope> scopes = new ArrayList<>(List.of(new JournalQuery.Scope.Whole()));
        for (Key key : model.histories.keySet()) {
            scopes.add(new JournalQuery.Scope.OfAgent(key.agent()));
            scopes.add(new JournalQuery.Scope.OfNamespace(
                    Timeline.MAIN, key.agent().namespace()));
        }
        for (JournalQuery.Scope scope : scopes.stream().distinct().toList()) {
            CommitTs from = new CommitTs(random.nextInt(model.commits.size() + 2));
            CommitTs to = random.nextBoolean() ? end : new CommitTs(random.nextInt(model.commits.size() + 2));
            List<CommittedTransaction> wanted = new ArrayList<>();
            for (CommittedTransaction commit : model.commits) {
                CommittedTransaction part = scope.cut(commit);
                if (part != null
                        && !from.isAfter(commit.commitTs())
                        && !commit.commitTs().isAfter(to)) {
                    wanted.add(part);
                }
            }
            JournalQuery forwards = new JournalQuery(scope, from, to, false);
            JournalQuery backwards = new JournalQuery(scope, from, to, true);
            CommitTs last = to.value() < model.commits.size() ? to : new CommitTs(model.commits.size());
            Agent agent = agentOf(scope);
            if (agent != null && isCompacted(agent, from) && !from.isAfter(last)) {
                assertCompacted(agent, () -> readAll(forwards));
                assertCompacted(agent, () -> readAll(backwards));
            } else {
                assertSame(readAll(forwards), wanted);
                assertSame(readAll(backwards), wanted.reversed());
            }
        }
    }

    private static @Nullable Agent agentOf(JournalQuery.Scope scope) {
        return switch (scope) {
            case JournalQuery.Scope.Whole whole -> null;
            case JournalQuery.Scope.OfNamespace of -> new Agent(of.namespace(), "any");
            case JournalQuery.Scope.OfAgent of -> of.agent();
        };
    }

    /** The same but for what is said to be erased, which a floor must have passed. */
    private void assertSame(List<CommittedTransaction> found, List<CommittedTransaction> wanted) {
        List<CommittedTransaction> expected = new ArrayList<>();
        for (int index = 0; index < Math.min(found.size(), wanted.size()); index++) {
            CommittedTransaction commit = wanted.get(index);
            List<Event> events = new ArrayList<>(commit.events());
            for (Event event : found.get(index).events()) {
                boolean mayBeErased = event instanceof Event.EntryErased
                        && isCompacted(event.key().agent(), commit.commitTs());
                if (mayBeErased) {
                    events.replaceAll(known ->
                            known.key().equals(event.key()) && known.version() == event.version() ? event : known);
                }
            }
            expected.add(new CommittedTransaction(
                    commit.commitTs(), commit.wallMillis(), commit.txnId(), events, commit.readSet(), commit.origin()));
        }
        assertThat(found).hasSameSizeAs(wanted).isEqualTo(expected);
    }

    private List<CommittedTransaction> readAll(JournalQuery query) {
        List<CommittedTransaction> all = new ArrayList<>();
        JournalQuery rest = query;
        while (true) {
            JournalPage page = state.journal().read(rest, 1 + random.nextInt(10), 1 + random.nextInt(1_000));
            all.addAll(page.events());
            CommitTs next = page.next();
            if (next == null) {
                return all;
            }
            rest = rest.isReverse()
                    ? new JournalQuery(rest.scope(), rest.from(), next, true)
                    : new JournalQuery(rest.scope(), next, rest.to(), false);
        }
    }

    private List<String> agents(CommitTs at, String namespace) {
        return names(
                at,
                key -> key.agent().namespace().equals(namespace) ? key.agent().id() : null);
    }

    private List<String> names(CommitTs at, Function<Key, @Nullable String> nameOf) {
        List<String> names = new ArrayList<>();
        model.histories.forEach((key, history) -> {
            String name = nameOf.apply(key);
            if (name != null && !names.contains(name) && model.find(key, at) != null) {
                names.add(name);
            }
        });
        return names;
    }

    private static @Nullable Entry version(List<Entry> history, long version, CommitTs at) {
        if (version < 1 || version > history.size()) {
            return null;
        }
        Entry entry = history.get((int) version - 1);
        return entry.commitTs().isAfter(at) ? null : entry;
    }

    private static int compareBytes(String left, String right) {
        return java.util.Arrays.compareUnsigned(
                left.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                right.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
