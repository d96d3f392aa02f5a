package io.statehouse.cluster.simulation;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Limits;
import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.codec.LogCodec;
import io.statehouse.statemachine.command.Command;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.decide.Reply;
import io.statehouse.statemachine.event.Event;
import io.statehouse.statemachine.history.JournalQuery.Scope;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.state.StateDigest;
import io.statehouse.statemachine.storage.TreeStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One seeded run: three replicas of the real core under one ordered log, with different flushes, crashes at any step,
 * entries delivered again, copies of one replica's disk installed on another, the log purged behind them, and readers who
 * follow the stream of commits from one replica to the next.
 *
 * <p>Whatever happens, a replica that has applied an entry gives the replies of the model and stands where every other
 * replica stood at that entry: same commit, same chain, same digest, the same let go by retention. At the end each is compared with the model row by row.
 */
public final class Simulation {
    private static final int REPLICAS = 3;
    private static final int STEPS = 160;
    private static final int DEATHS_PER_INSTALL = 5;
    private static final int INSTALL_TRIES = 100;

    /** Small, so that every bound and every expiry is met within one run. */
    static final Limits LIMITS = new Limits(64, 64, 40, 20, 6, 4_096, 8, 8, 256, Duration.ofSeconds(10));

    private final long seed;
    private final RandomGenerator random;
    private final Mutant mutant;
    private final SimulatedLog log = new SimulatedLog();
    private final ReferenceModel model = new ReferenceModel(LIMITS);
    private final Traffic traffic;
    private final List<SimulatedReplica> replicas = new ArrayList<>();
    private final List<SimulatedWatcher> watchers = new ArrayList<>();
    private final Map<Long, List<Reply>> repliesByIndex = new HashMap<>();
    private final Map<TxnId, Set<CommitTs>> commits = new HashMap<>();
    private final Map<Long, Standing> standings = new HashMap<>();
    private final Map<String, Integer> events = new HashMap<>();
    private long term = 1;
    private int step;
    private @Nullable Long poisonedIndex;

    /** Where a replica stands after an entry, for comparison with the others. */
    private record Standing(long commitTs, String chain, String digest, Applied.Trimming trimming) {
        static Standing of(StateMachine state) {
            return new Standing(
                    state.view().at().value(),
                    Arrays.toString(state.chainHash()),
                    Arrays.toString(state.digest()),
                    state.progress().trimming());
        }
    }

    private Simulation(long seed, Mutant mutant, Supplier<Disk> disks) {
        this.seed = seed;
        this.mutant = mutant;
        this.random = new SplittableRandom(seed);
        this.traffic = new Traffic(random, LIMITS);
        for (int i = 0; i < REPLICAS; i++) {
            replicas.add(new SimulatedReplica(i, LIMITS, mutant, disks.get()));
        }
        for (var scope : List.of(new Scope.Whole(), new Scope.OfAgent(Traffic.AN_AGENT))) {
            watchers.add(new SimulatedWatcher(model, random, scope));
        }
    }

    /**
     * Runs one seed on disks of the supplier's making and returns how often each kind of step happened.
     *
     * @throws SimulationFailure when a replica disagrees with the model or with another replica
     */
    public static Map<String, Integer> run(long seed, Mutant mutant, Supplier<Disk> disks) {
        var simulation = new Simulation(seed, mutant, disks);
        try {
            simulation.run();
            return simulation.events;
        } catch (SimulationFailure e) {
            throw e;
        } catch (RuntimeException | AssertionError e) {
            throw new SimulationFailure(seed, simulation.step, e.toString(), e);
        } finally {
            simulation.replicas.forEach(SimulatedReplica::close);
        }
    }

    /** Runs one seed in memory. */
    public static Map<String, Integer> runInMemory(long seed, Mutant mutant) {
        return run(seed, mutant, () -> new MemoryDisk(mutant));
    }

    private void run() {
        for (step = 0; step < STEPS; step++) {
            act(anyReplica());
        }
        for (SimulatedReplica replica : replicas) {
            catchUp(replica);
            new FinalAudit(model, random).check(replica.state());
        }
        watchers.forEach(watcher -> watcher.finish(anyReplica()));
        countWhatTimeDid();
        split();
        poison();
    }

    private SimulatedReplica anyReplica() {
        return replicas.get(random.nextInt(REPLICAS));
    }

    private void act(SimulatedReplica replica) {
        switch (random.nextInt(21)) {
            case 0, 1, 2, 3 -> append();
            case 4 -> appendOfRaftsOwn();
            case 5, 6 -> flush(replica);
            case 7 -> crash(replica);
            case 8 -> deliverAgain(replica);
            case 9 -> install(replica, anyReplica());
            case 10 -> purge();
            case 11 -> dieInside(replica);
            case 12 -> watch(replica);
            default -> applyNext(replica);
        }
    }

    private void append() {
        count("append");
        var batch = traffic.next(model.latest(), mostAdvanced().state().progress());
        repliesByIndex.put(log.end(), model.execute(batch));
        log.append(term, LogCodec.encode(batch));
        noteCommits(batch.commands(), repliesByIndex.getOrDefault(log.end() - 1, List.of()));
    }

    private void noteCommits(List<Command> commands, List<Reply> replies) {
        for (int i = 0; i < replies.size(); i++) {
            if (replies.get(i) instanceof Reply.Committed committed) {
                commits.computeIfAbsent(commands.get(i).txnId(), id -> new HashSet<>())
                        .add(committed.commitTs());
            }
        }
    }

    private void appendOfRaftsOwn() {
        count("term");
        term++;
        log.append(term, null);
    }

    private void applyNext(SimulatedReplica replica) {
        long next = replica.state().applied().index() + 1;
        if (next >= log.end()) {
            return;
        }
        if (next < log.start()) {
            install(replica, mostAdvanced());
            return;
        }
        count("apply");
        apply(replica, next);
    }

    private void apply(SimulatedReplica replica, long index) {
        var entry = log.get(index);
        List<Reply> replies = replica.apply(entry.position(), entry);
        require(
                replica.state().applied().equals(entry.position()),
                "applied position",
                replica.state().applied());
        if (replies != null && mutant != Mutant.UNKNOWN_ENTRY_SKIPPED) {
            List<Reply> expected = repliesByIndex.getOrDefault(index, List.of());
            require(replies.equals(expected), "replies at " + index, replies + " instead of " + expected);
        }
        compareStanding(replica, index);
    }

    private void compareStanding(SimulatedReplica replica, long index) {
        var now = Standing.of(replica.state());
        var first = standings.putIfAbsent(index, now);
        require(first == null || first.equals(now), "state at " + index, now + " instead of " + first);
    }

    private void watch(SimulatedReplica replica) {
        count("watch");
        watchers.forEach(watcher -> watcher.look(replica));
    }

    private void flush(SimulatedReplica replica) {
        count("flush");
        replica.flush();
    }

    private void crash(SimulatedReplica replica) {
        count("crash");
        restart(replica);
    }

    /** Dies in the middle of an entry or a flush, just before or just after the disk took it. */
    private void dieInside(SimulatedReplica replica) {
        replica.fuse().light(random.nextBoolean());
        try {
            if (random.nextInt(3) == 0) {
                replica.flush();
            } else {
                applyNext(replica);
            }
            replica.fuse().putOut();
        } catch (SimulatedCrash e) {
            count("death");
            restart(replica);
        }
    }

    private void restart(SimulatedReplica replica) {
        LogPosition promised = replica.durable();
        replica.crash();
        require(
                replica.state().applied().compareTo(promised) >= 0,
                "after a crash",
                replica.state().applied() + " is before the durable " + promised);
        long index = replica.state().applied().index();
        if (index >= 0) {
            compareStanding(replica, index);
        }
    }

    /** Raft may deliver an entry again that is applied already; nothing may change. */
    private void deliverAgain(SimulatedReplica replica) {
        long applied = replica.state().applied().index();
        if (applied < log.start()) {
            return;
        }
        count("again");
        var before = Standing.of(replica.state());
        LogPosition position = replica.state().applied();
        long index = random.nextLong(log.start(), applied + 1);
        var entry = log.get(index);
        List<Reply> replies = replica.apply(entry.position(), entry);
        if (replies != null && entry.bytes() != null) {
            requireKnownCommits(LogCodec.decode(ByteBuffer.wrap(entry.bytes())).commands(), replies);
        }
        require(Standing.of(replica.state()).equals(before), "an entry delivered again", "changed the state");
        require(replica.state().applied().equals(position), "an entry delivered again", "moved the position");
    }

    /** Whoever asks again is told of a commit that was his, or of none. */
    private void requireKnownCommits(List<Command> commands, List<Reply> replies) {
        for (int i = 0; i < replies.size(); i++) {
            if (replies.get(i) instanceof Reply.Committed committed) {
                Set<CommitTs> known = commits.getOrDefault(commands.get(i).txnId(), Set.of());
                require(known.contains(committed.commitTs()), "a reply to an entry delivered again", committed);
            }
        }
    }

    private void install(SimulatedReplica target, SimulatedReplica source) {
        if (source.state().applied().compareTo(target.state().applied()) <= 0) {
            return;
        }
        LogPosition claimed = source.state().applied();
        Disk copy = source.snapshot();
        if (random.nextInt(DEATHS_PER_INSTALL) == 0) {
            // Whoever dies before the copy is in place has lost the copy and nothing else.
            count("install cut short");
            copy.close();
            restart(random.nextBoolean() ? source : target);
            return;
        }
        count("install");
        target.install(copy);
        require(
                target.state().applied().equals(claimed),
                "an installed snapshot",
                target.state().applied() + " instead of " + claimed);
        compareStanding(target, claimed.index());
    }

    /** What one replica has made durable may go; a replica that is further behind needs a snapshot then. */
    private void purge() {
        count("purge");
        SimulatedReplica replica = anyReplica();
        boolean isTooEarly = mutant == Mutant.PURGED_TOO_EARLY;
        LogPosition kept = isTooEarly ? replica.state().applied() : replica.durable();
        log.purgeBelow(kept.index() + 1);
    }

    private void catchUp(SimulatedReplica replica) {
        for (int tries = 0; isBehindTheLog(replica) && tries < INSTALL_TRIES; tries++) {
            install(replica, mostAdvanced());
        }
        require(
                !isBehindTheLog(replica),
                "entries that nobody holds any more",
                replica.state().applied());
        while (replica.state().applied().index() + 1 < log.end()) {
            applyNext(replica);
        }
    }

    private boolean isBehindTheLog(SimulatedReplica replica) {
        return replica.state().applied().index() + 1 < log.start();
    }

    private SimulatedReplica mostAdvanced() {
        SimulatedReplica most = replicas.get(0);
        for (SimulatedReplica replica : replicas) {
            if (replica.state().applied().compareTo(most.state().applied()) > 0) {
                most = replica;
            }
        }
        return most;
    }

    /** Told, so that a test can see that it happens often enough to prove something. */
    private void countWhatTimeDid() {
        if (!mostAdvanced().state().progress().trimming().trimmed().equals(StateDigest.EMPTY)) {
            count("let go");
        }
        if (watchers.stream().anyMatch(SimulatedWatcher::isOvertaken)) {
            count("overtaken");
        }
        for (CommitTs at = CommitTs.ZERO; !at.isAfter(model.latest()); at = at.next()) {
            if (model.eventsOf(at).stream()
                    .anyMatch(event -> event instanceof Event.EntryDeleted deleted && deleted.isExpiry())) {
                count("expiry");
            }
        }
    }

    /** The same commands, one to a batch: how a leader groups them must not matter. */
    private void split() {
        count("split");
        try (StateMachine state = StateMachine.open(new TreeStore(), LIMITS)) {
            long position = 0;
            for (long index = 0; index < log.end(); index++) {
                byte[] bytes = log.ever(index).bytes();
                if (bytes == null) {
                    continue;
                }
                LoggedBatch batch = LogCodec.decode(ByteBuffer.wrap(bytes));
                List<Reply> replies = new ArrayList<>();
                for (Command command : batch.commands()) {
                    var alone = new LoggedBatch(batch.stamp(), 1, position, List.of(command));
                    replies.addAll(state.execute(new LogPosition(1, position++), alone));
                }
                require(replies.equals(repliesByIndex.get(index)), "replies to single commands of " + index, replies);
            }
            var whole = Standing.of(replicas.get(0).state());
            require(Standing.of(state).equals(whole), "single commands", "end in another state than batches");
        }
    }

    /** An entry nobody knows stops every replica at the same index, and none passes over it. */
    private void poison() {
        long index = log.end();
        poisonedIndex = index;
        log.append(term, "SHL9 from the future".getBytes(StandardCharsets.UTF_8));
        for (SimulatedReplica replica : replicas) {
            boolean isStopped = false;
            try {
                replica.apply(log.get(index).position(), log.get(index));
            } catch (StoreFailedException e) {
                isStopped = true;
            }
            require(isStopped, "an unknown entry at " + poisonedIndex, "was passed over");
            require(replica.state().applied().index() < index, "an unknown entry", "was counted as applied");
        }
    }

    private void count(String event) {
        events.merge(event, 1, Integer::sum);
    }

    private void require(boolean holds, String what, Object found) {
        if (!holds) {
            throw new SimulationFailure(seed, step, what + ": " + found, null);
        }
    }
}
