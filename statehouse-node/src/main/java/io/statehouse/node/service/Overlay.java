package io.statehouse.node.service;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Operation;
import io.statehouse.statemachine.state.Entry;
import io.statehouse.statemachine.state.NamedEntry;
import io.statehouse.statemachine.state.Page;
import io.statehouse.statemachine.state.PageRequest;
import io.statehouse.statemachine.state.StateView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A view with operations laid over it that are staged and not committed: how a transaction reads its own writes.
 *
 * <p>A staged value shows the version it would get now, and commit_ts 0.
 */
public final class Overlay {
    private static final Comparator<String> BYTE_ORDER =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private final TxnId txnId;
    private final List<Operation> operations;

    public Overlay(TxnId txnId, List<Operation> operations) {
        this.txnId = txnId;
        this.operations = List.copyOf(operations);
    }

    /** Nothing staged. */
    public static final Overlay NONE = new Overlay(new TxnId(""), List.of());

    /** What the key holds under the staged operations. */
    public @Nullable Entry find(StateView view, Key key) {
        Entry entry = view.find(key);
        for (Operation operation : operations) {
            if (operation.key().equals(key)) {
                entry = after(entry, operation);
            }
        }
        return entry;
    }

    private Entry after(@Nullable Entry before, Operation operation) {
        long version = before == null ? 1 : before.version() + 1;
        return switch (operation) {
            case Operation.Put put -> new Entry(put.value(), version, CommitTs.ZERO, 0, txnId);
            case Operation.Append append -> throw notStaged(append);
            case Operation.Edit edit -> throw notStaged(edit);
            case Operation.Delete delete -> new Entry(null, version, CommitTs.ZERO, 0, txnId);
        };
    }

    private static IllegalArgumentException notStaged(Operation operation) {
        return new IllegalArgumentException("nobody stages " + operation);
    }

    /** A page of entries; it may be longer than asked by the keys that are staged. */
    public Page<NamedEntry> scan(StateView view, Agent agent, PageRequest request) {
        Page<NamedEntry> page = view.scan(agent, request);
        List<Key> staged = stagedKeys(agent, request, page.next());
        if (staged.isEmpty()) {
            return page;
        }
        TreeMap<String, NamedEntry> merged = new TreeMap<>(BYTE_ORDER);
        page.items().forEach(item -> merged.put(item.name(), item));
        for (Key key : staged) {
            Entry entry = find(view, key);
            if (entry == null || entry.isTombstone()) {
                merged.remove(key.name());
            } else {
                merged.put(key.name(), new NamedEntry(key.name(), entry));
            }
        }
        return new Page<>(new ArrayList<>(merged.values()), page.next());
    }

    /** The names of keys that hold a value under the staged operations. */
    public Page<String> keys(StateView view, Agent agent, PageRequest request) {
        if (operations.isEmpty()) {
            return view.keys(agent, request);
        }
        Page<NamedEntry> page = scan(view, agent, request);
        return new Page<>(page.items().stream().map(NamedEntry::name).toList(), page.next());
    }

    private List<Key> stagedKeys(Agent agent, PageRequest request, @Nullable String last) {
        return operations.stream()
                .map(Operation::key)
                .filter(key -> key.agent().equals(agent))
                .filter(key -> key.name().startsWith(request.prefix()))
                .filter(key -> request.after() == null || BYTE_ORDER.compare(key.name(), request.after()) > 0)
                .filter(key -> last == null || BYTE_ORDER.compare(key.name(), last) <= 0)
                .distinct()
                .toList();
    }
}
