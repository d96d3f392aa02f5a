package io.statehouse.cluster.mutant;

import static java.util.Objects.requireNonNull;

import io.statehouse.statemachine.LogPosition;
import io.statehouse.statemachine.StoreFailedException;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.codec.AppliedCodec;
import io.statehouse.statemachine.command.LoggedBatch;
import io.statehouse.statemachine.command.Stamp;
import io.statehouse.statemachine.state.Applied;
import io.statehouse.statemachine.storage.Store;
import io.statehouse.statemachine.storage.Table;
import io.statehouse.statemachine.storage.WriteUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Breaks of the core: what apply does with an entry, and what it keeps. */
final class CoreMutations {
    private static final String CORE = "io.statehouse.statemachine.";
    private static final String LEDGER = CORE + "history.ReplyLedger";
    private static final String MACHINE = CORE + "StateMachine";
    private static final Trap SIMULATION = new Trap(
            "io.statehouse.cluster.simulation.SimulationTest",
            "replicasAgreeWithTheModelWhateverHappensToThem",
            Map.of("statehouse.simulation.seeds", "40"),
            Trap.Layer.TEST);

    /** The ids each ledger has seen since it was made, by the ledger's identity. */
    private static final Map<Object, Set<TxnId>> SEEN = Collections.synchronizedMap(new IdentityHashMap<>());

    /** The position row that each state machine has not written yet. */
    private static final Map<Object, byte[]> LATE = Collections.synchronizedMap(new WeakHashMap<>());

    private CoreMutations() {}

    static final List<Mutation> ALL = List.of(
            new Mutation(
                    "M4",
                    "transaction ids that were used before are not recognised",
                    List.of(Change.of(LEDGER, "find", (self, arguments, original) -> null)),
                    SIMULATION),
            new Mutation(
                    "M5",
                    "kept replies are only looked for in memory, so a restart forgets them",
                    List.of(
                            Change.of(LEDGER, "keep", CoreMutations::keepInMemory),
                            Change.of(LEDGER, "find", CoreMutations::findInMemory)),
                    SIMULATION),
            new Mutation(
                    "M6",
                    "the log position reaches the store in a later batch than the rows it speaks of",
                    List.of(Change.of(MACHINE, "publish", CoreMutations::publishLate)),
                    SIMULATION),
            new Mutation(
                    "M7",
                    "atomic_flush is off: each table reaches the disk at a point of its own",
                    List.of(Change.of(
                            "org.rocksdb.DBOptions",
                            "setAtomicFlush",
                            (self, arguments, original) -> original.call(false))),
                    Trap.inNodes(
                            "io.statehouse.cluster.simulation.KilledStoreTest",
                            "aStoreKilledAtAnyMomentHoldsExactlyAPrefixOfTheLog")),
            new Mutation(
                    "M9",
                    "an exception in apply is swallowed and the next entry taken",
                    List.of(Change.of(MACHINE, "execute", CoreMutations::swallow)),
                    SIMULATION),
            new Mutation(
                    "M10",
                    "apply reads the clock instead of the leader's stamp",
                    List.of(Change.of(
                            CORE + "state.Applied",
                            "withLogTime",
                            (self, arguments, original) -> original.call(System.currentTimeMillis()))),
                    SIMULATION),
            new Mutation(
                    "M11",
                    "a transaction's operations are taken in the order of a hash table",
                    List.of(Change.of(CORE + "decide.Acceptance", "accept", CoreMutations::inOrderOfAHashTable)),
                    SIMULATION),
            new Mutation(
                    "M12",
                    "what was applied is called durable, and snapshots are made of it, without a flush",
                    List.of(Change.of(
                            MACHINE,
                            "makeDurable",
                            (self, arguments, original) -> ((Applied)
                                            requireNonNull(Private.get(requireNonNull(self), "applied")))
                                    .position())),
                    SIMULATION),
            new Mutation(
                    "M18",
                    "an entry that this release does not know is passed over",
                    List.of(Change.of(CORE + "codec.LogCodec", "decode", CoreMutations::passOver)),
                    SIMULATION),
            new Mutation(
                    "M20",
                    "transaction ids are forgotten by the wall clock and not by log time",
                    List.of(Change.of(
                            LEDGER,
                            "isForgotten",
                            (self, arguments, original) -> original.call(arguments[0], System.currentTimeMillis()))),
                    SIMULATION));

    private static @Nullable Object keepInMemory(@Nullable Object self, @Nullable Object[] arguments, Original original)
            throws Throwable {
        seenBy(requireNonNull(self)).add((TxnId) requireNonNull(arguments[0]));
        return original.call(arguments);
    }

    private static @Nullable Object findInMemory(@Nullable Object self, @Nullable Object[] arguments, Original original)
            throws Throwable {
        boolean isKnown = seenBy(requireNonNull(self)).contains((TxnId) requireNonNull(arguments[0]));
        return isKnown ? original.call(arguments) : null;
    }

    private static Set<TxnId> seenBy(Object ledger) {
        return SEEN.computeIfAbsent(ledger, none -> ConcurrentHashMap.newKeySet());
    }

    private static @Nullable Object publishLate(@Nullable Object self, @Nullable Object[] arguments, Original original)
            throws Throwable {
        var machine = requireNonNull(self);
        var after = (Applied) requireNonNull(arguments[0]);
        var unit = (WriteUnit) requireNonNull(arguments[1]);
        byte[] late = LATE.put(machine, AppliedCodec.encode(after));
        if (late != null) {
            unit.put(Table.META, AppliedCodec.key(), late);
        }
        ((Store) requireNonNull(Private.get(machine, "store"))).write(unit);
        Private.set(machine, "applied", after);
        return null;
    }

    private static @Nullable Object swallow(@Nullable Object self, @Nullable Object[] arguments, Original original)
            throws Throwable {
        try {
            return original.call(arguments);
        } catch (RuntimeException e) {
            var machine = requireNonNull(self);
            var before = (Applied) requireNonNull(Private.get(machine, "applied"));
            Private.set(machine, "applied", before.at((LogPosition) requireNonNull(arguments[0])));
            Private.set(machine, "isUnderway", false);
            return List.of();
        }
    }

    private static @Nullable Object inOrderOfAHashTable(
            @Nullable Object self, @Nullable Object[] arguments, Original original) throws Throwable {
        Set<Object> hashed = Collections.newSetFromMap(new IdentityHashMap<>());
        hashed.addAll((Collection<?>) requireNonNull(arguments[0]));
        return original.call(new ArrayList<>(hashed));
    }

    private static @Nullable Object passOver(@Nullable Object self, @Nullable Object[] arguments, Original original)
            throws Throwable {
        try {
            return original.call(arguments);
        } catch (StoreFailedException e) {
            return new LoggedBatch(new Stamp(0, new byte[Long.BYTES * 2]), 0, 0, List.of());
        }
    }
}
