package io.statehouse.cluster.chaos.verdict;

import io.statehouse.cluster.chaos.verdict.Timeline.Sighting;
import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.CallText;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a node may say that cannot reach a majority: nothing that only a majority can know. */
public final class CutOff {
    /** The plan notes a node by this name when nothing passes between it and the others any more. */
    public static final String BEGINS = "cut off";

    /** And by this one before anything passes again. */
    public static final String ENDS = "no more cut off";

    private CutOff() {}

    private record Span(String node, long beginNanos, long endNanos) {
        boolean holds(Call call) {
            return call.node().equals(node) && call.callNanos() > beginNanos && call.callNanos() < endNanos;
        }
    }

    /** No call that began while its node was cut off was answered by it with a new commit or with what is latest. */
    public static Acceptance knowsNothing() {
        return facts -> {
            List<Span> spans = spans(facts.timeline().sightings());
            List<Call> asked = facts.traffic().stream()
                    .filter(call -> spans.stream().anyMatch(span -> span.holds(call)))
                    .toList();
            Call told = asked.stream()
                    .filter(call ->
                            spans.stream().anyMatch(span -> span.holds(call) && call.returnNanos() < span.endNanos()))
                    .filter(CutOff::needsAMajority)
                    .findFirst()
                    .orElse(null);
            String demand = "a node cut off knows nothing";
            if (told != null) {
                return Ruling.of(demand, false, "it answered " + CallText.of(told));
            }
            return Ruling.valid(demand, !asked.isEmpty(), asked.size() + " calls met it, none had a majority's answer");
        };
    }

    private static List<Span> spans(List<Sighting> sightings) {
        Map<String, Long> begun = new HashMap<>();
        List<Span> spans = new ArrayList<>();
        for (Sighting sighting : sightings) {
            if (sighting.name().equals(BEGINS)) {
                begun.put(sighting.value(), sighting.nanos());
            }
            Long begin = sighting.name().equals(ENDS) ? begun.remove(sighting.value()) : null;
            if (begin != null) {
                spans.add(new Span(sighting.value(), begin, sighting.nanos()));
            }
        }
        return spans;
    }

    private static boolean needsAMajority(Call call) {
        boolean isRepeated = call.response() instanceof Response.Committed committed && committed.isReplayed();
        return (Facts.isAcknowledgedCommit(call) && !isRepeated) || (call.isOk() && asksForTheLatest(call.request()));
    }

    private static boolean asksForTheLatest(Request request) {
        ReadPoint at = request instanceof Request.Read read
                ? read.at()
                : request instanceof Request.Scan scan ? scan.at() : ReadPoint.LOCAL;
        return at instanceof ReadPoint.Latest;
    }
}
