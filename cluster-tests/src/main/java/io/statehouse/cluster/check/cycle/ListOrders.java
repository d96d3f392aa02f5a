package io.statehouse.cluster.check.cycle;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.cycle.ListTransaction.ListRead;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.statemachine.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Each list as its longest read shows it, which is the order in which its elements were appended; and what is wrong with
 * single reads.
 */
final class ListOrders {
    private final List<ListTransaction> transactions;
    private final Findings findings;
    private final Map<Key, Map<Long, Integer>> writers = new HashMap<>();
    private final Map<Key, ListRead> longest = new HashMap<>();
    private final Map<Key, Call> longestReader = new HashMap<>();

    ListOrders(List<ListTransaction> transactions, Findings findings) {
        this.transactions = transactions;
        this.findings = findings;
        indexWriters();
        for (ListTransaction reader : transactions) {
            for (Key list : reader.blindnesses()) {
                findings.add(Anomaly.INTERNAL, CallText.of(list) + "\n" + CallText.of(List.of(reader.call())));
            }
            for (ListRead read : reader.reads()) {
                judge(read, reader);
                keepLongest(read, reader);
            }
        }
        comparePrefixes();
        findLost();
    }

    /** The lists in which anything was seen. */
    Set<Key> lists() {
        return longest.keySet();
    }

    /** The elements of a list in their order; empty when nothing was seen. */
    List<Long> order(Key list) {
        ListRead read = longest.get(list);
        return read == null ? List.of() : read.elements();
    }

    /** Position of the transaction that appended an element; null when none did. */
    @Nullable
    Integer writer(Key list, long element) {
        return writers.getOrDefault(list, Map.of()).get(element);
    }

    private void indexWriters() {
        for (int index = 0; index < transactions.size(); index++) {
            for (Map.Entry<Key, List<Long>> append :
                    transactions.get(index).appends().entrySet()) {
                Map<Long, Integer> ofList = writers.computeIfAbsent(append.getKey(), list -> new HashMap<>());
                for (Long element : append.getValue()) {
                    ofList.put(element, index);
                }
            }
        }
    }

    private void keepLongest(ListRead read, ListTransaction reader) {
        if (read.elements().size() > order(read.list()).size()) {
            longest.put(read.list(), read);
            longestReader.put(read.list(), reader.call());
        }
    }

    private void judge(ListRead read, ListTransaction reader) {
        Set<Long> seen = new HashSet<>();
        for (long element : read.elements()) {
            Integer writer = writer(read.list(), element);
            if (!seen.add(element)) {
                report(Anomaly.DOUBLE_APPLY, read, element, reader, writer);
            } else if (writer == null) {
                report(Anomaly.GARBAGE, read, element, reader, null);
            } else if (transactions.get(writer).isFailed()) {
                report(Anomaly.ABORTED_READ, read, element, reader, writer);
            }
        }
        if (!read.elements().isEmpty()) {
            judgeLast(read, read.elements().getLast(), reader);
        }
    }

    private void judgeLast(ListRead read, long last, ListTransaction reader) {
        Integer writer = writer(read.list(), last);
        if (writer == null
                || transactions.get(writer).call().id() == reader.call().id()) {
            return;
        }
        List<Long> appended = transactions.get(writer).appends().getOrDefault(read.list(), List.of());
        if (appended.getLast() != last) {
            report(Anomaly.INTERMEDIATE_READ, read, last, reader, writer);
        }
    }

    private void report(
            Anomaly anomaly, ListRead read, long element, ListTransaction reader, @Nullable Integer writer) {
        List<Call> calls = writer == null
                ? List.of(reader.call())
                : List.of(transactions.get(writer).call(), reader.call());
        findings.add(
                anomaly, "element " + element + " of list " + CallText.of(read.list()) + "\n" + CallText.of(calls));
    }

    private void comparePrefixes() {
        for (ListTransaction reader : transactions) {
            for (ListRead read : reader.reads()) {
                List<Long> order = order(read.list());
                Call other = longestReader.get(read.list());
                if (other != null && !order.subList(0, read.elements().size()).equals(read.elements())) {
                    findings.add(
                            Anomaly.INCOMPATIBLE_ORDER,
                            "list " + CallText.of(read.list()) + " was seen as " + read.elements() + " and as " + order
                                    + "\n" + CallText.of(List.of(reader.call(), other)));
                }
            }
        }
    }

    /** An acknowledged append that no longest read shows is lost if any read of the list began after it. */
    private void findLost() {
        Map<Key, Call> lastReader = new HashMap<>();
        for (ListTransaction reader : transactions) {
            for (ListRead read : reader.reads()) {
                lastReader.merge(
                        read.list(), reader.call(), (one, two) -> one.callNanos() >= two.callNanos() ? one : two);
            }
        }
        for (ListTransaction writer : transactions) {
            for (Map.Entry<Key, List<Long>> append : writer.appends().entrySet()) {
                Call reader = lastReader.get(append.getKey());
                if (reader != null && writer.isCommitted() && writer.call().isBefore(reader)) {
                    List<Long> lost = new ArrayList<>(append.getValue());
                    lost.removeAll(new HashSet<>(order(append.getKey())));
                    if (!lost.isEmpty()) {
                        findings.add(
                                Anomaly.LOST_APPEND,
                                "elements " + lost + " of list " + CallText.of(append.getKey()) + "\n"
                                        + CallText.of(List.of(writer.call(), reader)));
                    }
                }
            }
        }
    }
}
