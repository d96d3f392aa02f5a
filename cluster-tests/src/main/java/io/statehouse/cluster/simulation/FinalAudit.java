package io.statehouse.cluster.simulation;

import io.statehouse.cluster.simulation.ReferenceModel.Version;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.CompactedException;
import io.statehouse.statemachine.Json;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.event.CommittedTransaction;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.history.JournalPage;
import io.statehouse.statemachine.history.JournalQuery;
import io.statehouse.statemachine.history.Verification;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.NamedEntry;
import io.statehouse.statemachine.state.Page;
import io.statehouse.statemachine.state.PageRequest;
import io.statehouse.statemachine.state.StateView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Compares a replica with the model in every way it can be read, at the present and at random points of the past. */
final class FinalAudit {
    private static final int POINTS = 6;
    private static final int PAGE_ROWS = 7;

    /** A proof takes longer than all other questions together. */
    private static final int PROOFS_ONE_IN = 6;

    private static final int PROOF_ROWS = 200;
    private static final long PAGE_BYTES = 1_000;

    private final ReferenceModel model;
    private final RandomGenerator random;

    FinalAudit(ReferenceModel model, RandomGenerator random) {
        this.model = model;
        this.random = random;
    }

    void check(StateMachine state) {
        require(
                state.view().at().equals(model.latest()),
                "latest commit",
                state.view().at());
        checkView(state, state.view());
        for (int i = 0; i < POINTS; i++) {
            CommitTs at = new CommitTs(random.nextLong(model.latest().value() + 1));
            checkView(state, state.viewAt(at));
            long wall = state.viewAt(at).wallMillis() + random.nextInt(3) - 1;
            require(state.viewAtWall(wall).at().equals(model.latestAt(wall)), "commit at instant " + wall, at);
        }
        checkVersions(state);
        if (random.nextInt(PROOFS_ONE_IN) == 0) {
            checkProof(state);
        }
    }

    /** Events, chain, values and rows agree, whatever was let go. */
    private static void checkProof(StateMachine state) {
        try (Verification verification = state.verify(CommitTs.ZERO)) {
            Verification.Verdict verdict = verification.next(PROOF_ROWS).verdict();
            while (verdict == null) {
                verdict = verification.next(PROOF_ROWS).verdict();
            }
            require(verdict.isIntact(), "the proof", verdict.reason());
        }
    }

    private static CommitTs floor(StateMachine state, Agent agent) {
        return state.retention(agent.timeline(), agent.namespace()).floor();
    }

    private static void requireCompacted(StateMachine state, Agent agent, Runnable question) {
        try {
            question.run();
        } catch (CompactedException e) {
            require(e.oldest().equals(floor(state, agent)), "the oldest point told", floor(state, agent));
            return;
        }
        throw new AssertionError("below the floor of " + agent + " something was answered");
    }

    private void checkView(StateMachine state, StateView view) {
        Map<Key, Json> folded = fold(state, view.at());
        for (Agent agent : agents()) {
            if (floor(state, agent).isAfter(view.at())) {
                requireCompacted(state, agent, () -> scan(view, agent));
                requireCompacted(state, agent, () -> names(view, agent));
                folded.keySet().removeIf(key -> key.agent().equals(agent));
                continue;
            }
            Map<String, Json> expected = liveKeys(agent, view.at());
            require(scan(view, agent).equals(expected), "scan of " + agent + " at " + view.at(), expected);
            require(
                    names(view, agent).equals(List.copyOf(expected.keySet())),
                    "keys of " + agent + " at " + view.at(),
                    expected.keySet());
            for (String name : expected.keySet()) {
                Json inFold = folded.get(agent.key(name));
                require(Objects.equals(expected.get(name), inFold), "fold of the journal at " + view.at(), name);
            }
        }
        require(folded.size() == liveCount(state, view.at()), "keys in the fold at " + view.at(), folded.keySet());
    }

    private void checkVersions(StateMachine state) {
        StateView view = state.view();
        model.versions().forEach((key, versions) -> {
            CommitTs floor = floor(state, key.agent());
            Version head = ReferenceModel.asOf(versions, floor);
            for (Version version : versions) {
                if (!floor.isAfter(version.commitTs()) || version.equals(head)) {
                    require(isSame(view.findVersion(key, version.number()), version), "version of " + key, version);
                } else {
                    checkLetGo(view, key, version);
                }
                if (floor.isAfter(version.commitTs())) {
                    requireCompacted(
                            state,
                            key.agent(),
                            () -> state.viewAt(version.commitTs()).find(key));
                    continue;
                }
                Version then = ReferenceModel.asOf(versions, version.commitTs());
                require(
                        then != null && isShown(state.viewAt(version.commitTs()).find(key), then),
                        "past of " + key,
                        then);
            }
            require(view.findVersion(key, versions.size() + 1L) == null, "version after the last of " + key, "found");
        });
    }

    /** Below the floor a version is what it was, or said to be gone. */
    private static void checkLetGo(StateView view, Key key, Version version) {
        try {
            require(isSame(view.findVersion(key, version.number()), version), "old version of " + key, version);
        } catch (CompactedException e) {
            require(e.oldest().isAfter(version.commitTs()), "the oldest point told", version);
        }
    }

    /** As a view of the commit that made it shows it. */
    private static boolean isShown(@Nullable Entry entry, Version version) {
        return entry != null
                && entry.version() == version.number()
                && Objects.equals(entry.value(), version.valueAt(version.wallMillis()));
    }

    private static boolean isSame(@Nullable Entry entry, Version version) {
        return entry != null
                && entry.version() == version.number()
                && entry.commitTs().equals(version.commitTs())
                && entry.wallMillis() == version.wallMillis()
                && entry.txnId().equals(version.txnId())
                && entry.expiresMillis() == version.expiresMillis()
                && Objects.equals(entry.value(), version.value());
    }

    private Set<Agent> agents() {
        Set<Agent> agents = new LinkedHashSet<>();
        model.versions().keySet().forEach(key -> agents.add(key.agent()));
        return agents;
    }

    private Map<String, Json> liveKeys(Agent agent, CommitTs at) {
        Map<String, Json> live = new TreeMap<>((a, b) ->
                Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
        model.versions().forEach((key, versions) -> {
            Version version = ReferenceModel.asOf(versions, at);
            Json value = version == null ? null : version.valueAt(model.wallMillis(at));
            if (key.agent().equals(agent) && value != null) {
                live.put(key.name(), value);
            }
        });
        return live;
    }

    private long liveCount(StateMachine state, CommitTs at) {
        return model.versions().entrySet().stream()
                .filter(key -> !floor(state, key.getKey().agent()).isAfter(at))
                .map(key -> ReferenceModel.asOf(key.getValue(), at))
                .filter(version -> version != null && version.valueAt(model.wallMillis(at)) != null)
                .count();
    }

    private Map<String, Json> scan(StateView view, Agent agent) {
        Map<String, Json> found = new LinkedHashMap<>();
        String after = null;
        do {
            Page<NamedEntry> page = view.scan(agent, new PageRequest("", after, 1 + random.nextInt(4), PAGE_BYTES));
            for (NamedEntry entry : page.items()) {
                found.put(entry.name(), Objects.requireNonNull(entry.entry().value()));
            }
            after = page.next();
        } while (after != null);
        return found;
    }

    private List<String> names(StateView view, Agent agent) {
        List<String> found = new ArrayList<>();
        String after = null;
        do {
            Page<String> page = view.keys(agent, new PageRequest("", after, 1 + random.nextInt(4), PAGE_BYTES));
            found.addAll(page.items());
            after = page.next();
        } while (after != null);
        return found;
    }

    private static Map<Key, Json> fold(StateMachine state, CommitTs to) {
        Map<Key, Json> folded = new HashMap<>();
        CommitTs from = new CommitTs(1);
        while (from != null) {
            var query = new JournalQuery(new JournalQuery.Scope.Whole(), from, to, false);
            JournalPage page = state.journal().read(query, PAGE_ROWS, PAGE_BYTES);
            long wallMillis = state.viewAt(to).wallMillis();
            page.events().forEach(commit -> fold(folded, commit, wallMillis));
            from = page.next();
        }
        return folded;
    }

    /** A value counts until its deadline has come; one that is gone was superseded, so it does not count. */
    private static void fold(Map<Key, Json> folded, CommittedTransaction commit, long wallMillis) {
        for (Event event : commit.events()) {
            folded.remove(event.key());
            if (event instanceof Event.EntryPut put && !(put.expires() && put.expiresMillis() <= wallMillis)) {
                folded.put(put.key(), put.value());
            }
        }
    }

    private static void require(boolean holds, String what, @Nullable Object expected) {
        if (!holds) {
            throw new AssertionError(what + ": expected " + expected);
        }
    }
}
