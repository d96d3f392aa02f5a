package io.statehouse.cluster.mutant;

import static java.util.Objects.requireNonNull;

import io.statehouse.raft.FirstStart;
import io.statehouse.statemachine.StateMachine;
import io.statehouse.statemachine.state.Applied;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Breaks of the Raft module: reads, the log's durability, what a start must prove. */
// A break answers as the method it stands for, some of which answer with futures.
@SuppressWarnings("FutureReturnValueIgnored")
final class RaftMutations {
    private static final String RAFT = "io.statehouse.raft.";
    private static final String SETTINGS = RAFT + "RaftSettings";
    private static final String SETTINGS_CHECK = RAFT + "SettingsCheck";
    private static final Trap CUT_OFF_LEADER = Trap.inTest(RAFT + "StaleReadTest", "");
    private static final double LEASE_OF_TIMEOUT = 0.9;

    /** The last round each barrier has proved. */
    private static final Map<Object, Lease> LEASES = Collections.synchronizedMap(new WeakHashMap<>());

    /** The first index each route has learned. */
    private static final Map<Object, Long> INDICES = Collections.synchronizedMap(new WeakHashMap<>());

    private record Lease(long endNanos, long index) {}

    private RaftMutations() {}

    static final List<Mutation> ALL = List.of(
            new Mutation(
                    "M1",
                    "a read asks no majority whether this member still leads",
                    List.of(Change.of(RAFT + "LeadershipRound", "hasMajority", (self, arguments, original) -> true)),
                    CUT_OFF_LEADER),
            new Mutation(
                    "M2",
                    "a proof of leadership counts for 0.9 of the election timeout, by a clock that is slow",
                    List.of(Change.of(RAFT + "ReadBarrier", "confirm", RaftMutations::confirmByLease)),
                    CUT_OFF_LEADER),
            new Mutation(
                    "M3",
                    "whoever believes to lead reads its own state",
                    List.of(Change.of(RAFT + "ReadRoute", "awaitReadable", RaftMutations::readWhatIsHere)),
                    CUT_OFF_LEADER),
            new Mutation(
                    "M8",
                    "the Raft log acknowledges by async-flush",
                    List.of(
                            Change.of(SETTINGS, "setLog", RaftMutations::flushAsync),
                            Change.of(SETTINGS_CHECK, "check", (self, arguments, original) -> null)),
                    Trap.inNodes(
                            "io.statehouse.cluster.fault.FailingSyncTest",
                            "aNodeWhoseLogCannotBeForcedAcknowledgesNothingMoreAndEnds")),
            new Mutation(
                    "M15",
                    "a damaged log is cut off with a warning, and no guard has looked before",
                    List.of(
                            Change.of(SETTINGS, "setLog", RaftMutations::warnAndReturn),
                            Change.of(SETTINGS_CHECK, "check", (self, arguments, original) -> null),
                            Change.of(RAFT + "disk.DiskGuard", "proveLog", (self, arguments, original) -> null)),
                    Trap.inNodes("io.statehouse.cluster.fault.DamagedNodeTest", "aFlippedBitInTheRaftLogIsRefused")),
            new Mutation(
                    "M16",
                    "an empty directory becomes a member without permission",
                    List.of(Change.of(
                            RAFT + "RaftOptions", "firstStart", (self, arguments, original) -> FirstStart.FOUND)),
                    Trap.inNodes("io.statehouse.cluster.fault.DamagedNodeTest", "aNodeWhoseDataIsGoneIsRefused")),
            new Mutation(
                    "M17",
                    "a read index that was learned once is used for later reads",
                    List.of(Change.of(RAFT + "ReadRoute", "confirm", RaftMutations::confirmOnce)),
                    Trap.inTest(RAFT + "RatisLogTest", "aFollowerNeverAnswersFromBeforeTheQuestion")),
            new Mutation(
                    "M19",
                    "the log is purged up to what was applied and not to what is durable",
                    List.of(Change.of(RAFT + "Replica", "makeDurable", RaftMutations::claim)),
                    Trap.inNodes(
                            "io.statehouse.cluster.fault.DamagedNodeTest",
                            "aNodeKilledAfterAPurgeHasEveryAcknowledgedCommit")));

    private static @Nullable Object confirmByLease(
            @Nullable Object self, @Nullable Object[] arguments, Original original) throws Throwable {
        var barrier = requireNonNull(self);
        Lease lease = LEASES.get(barrier);
        if (lease != null && System.nanoTime() - lease.endNanos < 0) {
            return CompletableFuture.completedFuture(lease.index);
        }
        var timeout = (Duration) requireNonNull(Private.get(barrier, "roundTimeout"));
        long endNanos = System.nanoTime() + (long) (timeout.toNanos() * LEASE_OF_TIMEOUT);
        var proof = (CompletableFuture<?>) requireNonNull(original.call(arguments));
        return proof.thenApply(index -> {
            LEASES.put(barrier, new Lease(endNanos, (Long) index));
            return index;
        });
    }

    private static @Nullable Object readWhatIsHere(
            @Nullable Object self, @Nullable Object[] arguments, Original original) throws Throwable {
        var division = ((Supplier<?>) requireNonNull(Private.get(requireNonNull(self), "division"))).get();
        var type = Class.forName("org.apache.ratis.server.RaftServer$Division");
        var info = requireNonNull(Private.call(type, requireNonNull(division), "getInfo"));
        boolean isLeader = Boolean.TRUE.equals(
                Private.call(Class.forName("org.apache.ratis.server.DivisionInfo"), info, "isLeader"));
        return isLeader ? CompletableFuture.completedFuture(null) : original.call(arguments);
    }

    private static @Nullable Object confirmOnce(@Nullable Object self, @Nullable Object[] arguments, Original original)
            throws Throwable {
        var route = requireNonNull(self);
        Long known = INDICES.get(route);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        var answer = (CompletableFuture<?>) requireNonNull(original.call(arguments));
        return answer.thenApply(index -> {
            INDICES.put(route, (Long) index);
            return index;
        });
    }

    private static @Nullable Object flushAsync(@Nullable Object self, @Nullable Object[] arguments, Original original)
            throws Throwable {
        Object unused = original.call(arguments);
        return set(requireNonNull(arguments[0]), "raft.server.log.async-flush.enabled", "true");
    }

    private static @Nullable Object warnAndReturn(
            @Nullable Object self, @Nullable Object[] arguments, Original original) throws Throwable {
        Object unused = original.call(arguments);
        return set(requireNonNull(arguments[0]), "raft.server.log.corruption.policy", "WARN_AND_RETURN");
    }

    private static @Nullable Object set(Object properties, String key, String value)
            throws ReflectiveOperationException {
        return Private.call(properties.getClass(), properties, "set", key, value);
    }

    /** As the original, but for the flush. */
    private static @Nullable Object claim(@Nullable Object self, @Nullable Object[] arguments, Original original)
            throws Throwable {
        var replica = requireNonNull(self);
        var live = requireNonNull(Private.get(replica, "live"));
        var query = live.getClass().getDeclaredMethod("query", Function.class);
        query.setAccessible(true);
        Function<StateMachine, Object> question = StateMachine::progress;
        var progress = (Applied) requireNonNull(query.invoke(live, question));
        var durable = Class.forName(RAFT + "Replica$Durable").getDeclaredConstructors()[0];
        durable.setAccessible(true);
        Object now = durable.newInstance(progress.position(), progress.commitTs());
        @SuppressWarnings("unchecked") // what the field holds
        var forced = (AtomicReference<Object>) requireNonNull(Private.get(replica, "forced"));
        forced.set(now);
        return now;
    }
}
