package io.statehouse.cluster.check.cycle;

import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.Outcome;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.cluster.check.history.Step;
import io.statehouse.statemachine.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One transaction over lists, taken apart.
 *
 * @param appends per list, the elements it appended, in order
 * @param reads what it saw of the work of others; its own appends are taken off
 * @param blindnesses reads that missed the transaction's own earlier appends, in words
 */
record ListTransaction(Call call, Map<Key, List<Long>> appends, List<ListRead> reads, List<Key> blindnesses) {

    /** A read of a list as it was before the transaction. */
    record ListRead(Key list, List<Long> elements) {}

    boolean isCommitted() {
        return call.isOk();
    }

    boolean isFailed() {
        return call.outcome() == Outcome.FAIL;
    }

    static ListTransaction of(Call call, Request.Append append) {
        List<List<Long>> answers =
                call.isOk() && call.response() instanceof Response.Lists lists ? lists.reads() : List.of();
        Map<Key, List<Long>> appends = new LinkedHashMap<>();
        List<ListRead> reads = new ArrayList<>();
        List<Key> blindnesses = new ArrayList<>();
        int answered = 0;
        for (Step step : append.steps()) {
            switch (step) {
                case Step.AppendElement one ->
                    appends.computeIfAbsent(one.list(), list -> new ArrayList<>())
                            .add(one.element());
                case Step.ReadList read -> {
                    if (answered < answers.size()) {
                        List<Long> seen = answers.get(answered++);
                        List<Long> own = appends.getOrDefault(read.list(), List.of());
                        if (endsWith(seen, own)) {
                            reads.add(new ListRead(read.list(), seen.subList(0, seen.size() - own.size())));
                        } else {
                            blindnesses.add(read.list());
                        }
                    }
                }
            }
        }
        return new ListTransaction(call, appends, reads, blindnesses);
    }

    private static boolean endsWith(List<Long> seen, List<Long> own) {
        return seen.size() >= own.size()
                && seen.subList(seen.size() - own.size(), seen.size()).equals(own);
    }
}
