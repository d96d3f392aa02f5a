package io.statehouse.cluster.check.cycle;

import io.statehouse.cluster.check.cycle.Graph.Place;
import io.statehouse.cluster.check.cycle.ListTransaction.ListRead;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.statemachine.Key;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Draws the edges between transactions from what they read and when they ran. */
final class GraphBuilder {
    private final List<ListTransaction> transactions;
    private final ListOrders orders;
    private final List<Key> lists;
    private final Map<Key, Integer> listNumbers = new HashMap<>();
    private final List<Integer> returned;
    private final Graph graph;

    /** Per list, who committed appends that no read has shown; they come after everything that was shown. */
    private final Map<Key, List<Integer>> unseen = new HashMap<>();

    GraphBuilder(List<ListTransaction> transactions, ListOrders orders) {
        this.transactions = transactions;
        this.orders = orders;
        this.lists = transactions.stream()
                .flatMap(one -> java.util.stream.Stream.concat(
                        one.appends().keySet().stream(), one.reads().stream().map(ListRead::list)))
                .distinct()
                .toList();
        for (int number = 0; number < lists.size(); number++) {
            listNumbers.put(lists.get(number), number);
        }
        this.returned = IntStream.range(0, transactions.size())
                .filter(index -> transactions.get(index).isCommitted())
                .filter(index -> transactions.get(index).call().returnNanos() != Call.NEVER)
                .boxed()
                .sorted(Comparator.comparingLong(
                        index -> transactions.get(index).call().returnNanos()))
                .toList();
        this.graph = new Graph(transactions.size(), returned.size());
    }

    /** The lists by their numbers in {@link Place}. */
    List<Key> lists() {
        return lists;
    }

    Graph build() {
        findUnseen();
        lists.forEach(this::addWrites);
        for (int reader = 0; reader < transactions.size(); reader++) {
            for (ListRead read : transactions.get(reader).reads()) {
                addRead(reader, read);
            }
        }
        addRealTime();
        return graph;
    }

    private void findUnseen() {
        Map<Key, Set<Long>> seen = new HashMap<>();
        for (Key list : orders.lists()) {
            seen.put(list, new HashSet<>(orders.order(list)));
        }
        for (int writer = 0; writer < transactions.size(); writer++) {
            Map<Key, List<Long>> appends = transactions.get(writer).appends();
            if (transactions.get(writer).isCommitted() || isAnySeen(appends, seen)) {
                for (Map.Entry<Key, List<Long>> append : appends.entrySet()) {
                    if (!seen.getOrDefault(append.getKey(), Set.of()).containsAll(append.getValue())) {
                        unseen.computeIfAbsent(append.getKey(), list -> new ArrayList<>())
                                .add(writer);
                    }
                }
            }
        }
    }

    /** A transaction of unknown outcome of which anything was seen was committed, and so was the rest of it. */
    private static boolean isAnySeen(Map<Key, List<Long>> appends, Map<Key, Set<Long>> seen) {
        return appends.entrySet().stream()
                .anyMatch(append ->
                        append.getValue().stream().anyMatch(seen.getOrDefault(append.getKey(), Set.of())::contains));
    }

    private void addWrites(Key list) {
        List<Long> order = orders.order(list);
        for (int position = 1; position < order.size(); position++) {
            add(writer(list, order, position - 1), writer(list, order, position), EdgeKind.WRITE_WRITE, list, position);
        }
        for (int later : unseen.getOrDefault(list, List.of())) {
            add(writer(list, order, order.size() - 1), later, EdgeKind.WRITE_WRITE, list, order.size());
        }
    }

    private void addRead(int reader, ListRead read) {
        List<Long> order = orders.order(read.list());
        int length = read.elements().size();
        add(writer(read.list(), order, length - 1), reader, EdgeKind.WRITE_READ, read.list(), length);
        if (length < order.size()) {
            add(reader, writer(read.list(), order, length), EdgeKind.READ_WRITE, read.list(), length);
        } else {
            for (int later : unseen.getOrDefault(read.list(), List.of())) {
                add(reader, later, EdgeKind.READ_WRITE, read.list(), length);
            }
        }
    }

    private @Nullable Integer writer(Key list, List<Long> order, int position) {
        return position < 0 ? null : orders.writer(list, order.get(position));
    }

    private void add(@Nullable Integer from, @Nullable Integer to, EdgeKind kind, Key list, int position) {
        if (from != null && to != null) {
            graph.add(from, to, kind, new Place(listNumbers.getOrDefault(list, 0), position));
        }
    }

    private void addRealTime() {
        int barriers = transactions.size();
        for (int index = 0; index < returned.size(); index++) {
            graph.add(returned.get(index), barriers + index, EdgeKind.REAL_TIME, Place.NOWHERE);
            if (index > 0) {
                graph.add(barriers + index - 1, barriers + index, EdgeKind.REAL_TIME, Place.NOWHERE);
            }
        }
        for (int later = 0; later < transactions.size(); later++) {
            int before = returnedBefore(transactions.get(later).call().callNanos());
            if (before > 0) {
                graph.add(barriers + before - 1, later, EdgeKind.REAL_TIME, Place.NOWHERE);
            }
        }
    }

    /** How many transactions had returned before this moment, by halving. */
    private int returnedBefore(long nanos) {
        int low = 0;
        int high = returned.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (transactions.get(returned.get(middle)).call().returnNanos() < nanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
