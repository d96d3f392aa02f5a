package io.statehouse.cluster.check.agent;

import static io.statehouse.cluster.check.agent.SessionChecker.report;

import io.statehouse.cluster.check.Anomaly;
import io.statehouse.cluster.check.Findings;
import io.statehouse.cluster.check.history.Members;
import io.statehouse.cluster.check.history.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One session: who appended what, and what was read of it. */
final class EventRow {
    private final String session;
    final List<AgentCall> appends = new ArrayList<>();
    private final List<AgentCall> reads = new ArrayList<>();
    /** By their numbers, with a read that showed them. */
    private final TreeMap<Long, Shown> events = new TreeMap<>();

    EventRow(String session) {
        this.session = session;
    }

    private record Shown(long mark, Map<String, Long> tokens, AgentCall read) {}

    void note(AgentCall read) {
        if (read.answer() != null) {
            reads.add(read);
        }
    }

    /** Whether somebody began at the first event when no append could come any more. */
    boolean isReadInTheEnd() {
        return appends.stream()
                .allMatch(append -> reads.stream()
                        .anyMatch(read -> from(read) == 1
                                && read.call().callNanos() > append.call().callNanos()
                                && (!append.call().isOk() || append.isBefore(read))));
    }

    long acknowledged() {
        return appends.stream().filter(append -> append.answer() != null).count();
    }

    private static long from(AgentCall read) {
        return read.params().number("from_seq");
    }

    void judge(Findings findings) {
        reads.forEach(read -> noteEvents(read, findings));
        judgeNumbers(findings);
        Map<Long, AgentCall> byMark = new HashMap<>();
        appends.forEach(append -> byMark.put(AgentCall.mark(append.params(), "payload"), append));
        appends.forEach(append -> judgeAppend(append, findings));
        judgeEvents(byMark, findings);
        judgeTokens(findings);
        reads.forEach(read -> judgeFreshness(read, findings));
    }

    private void noteEvents(AgentCall read, Findings findings) {
        long expected = from(read);
        for (Members event : eventsOf(read)) {
            long number = event.number("sequence_number");
            if (number != expected) {
                report(findings, Anomaly.SEQUENCE_GAP, "event " + expected + " of " + session, read);
            }
            expected = number + 1;
            Shown shown = new Shown(AgentCall.mark(event, "payload"), tokens(event.object("payload")), read);
            Shown other = events.putIfAbsent(number, shown);
            if (other != null && other.mark != shown.mark) {
                report(findings, Anomaly.ANSWERS_DIFFER, "event " + number + " of " + session, other.read, read);
            }
        }
    }

    private static List<Members> eventsOf(AgentCall read) {
        Members answer = read.answer();
        return answer == null ? List.of() : answer.list("events", Members::read);
    }

    private static Map<String, Long> tokens(Members payload) {
        Map<String, Long> tokens = new HashMap<>();
        if (payload.has("fences")) {
            for (Members fence : payload.list("fences", Members::read)) {
                tokens.put(fence.text("resource"), fence.number("token"));
            }
        }
        return tokens;
    }

    private void judgeNumbers(Findings findings) {
        long expected = 1;
        for (long number : events.keySet()) {
            if (number != expected) {
                findings.add(Anomaly.SEQUENCE_GAP, "%s has event %d and no %d".formatted(session, number, expected));
            }
            expected = number + 1;
        }
    }

    private void judgeAppend(AgentCall append, Findings findings) {
        Members answer = append.answer();
        if (answer == null) {
            return;
        }
        long told = answer.number("sequence_number");
        Shown shown = events.get(told);
        if (shown == null) {
            report(findings, Anomaly.LOST_WRITE, "event " + told + " of " + session, append);
        } else if (shown.mark != AgentCall.mark(append.params(), "payload")) {
            report(findings, Anomaly.LOST_WRITE, "event " + told + " is another", append, shown.read);
        }
    }

    /** Each event was asked for, by a call that was not refused, once, and not before one that had returned when it was called. */
    private void judgeEvents(Map<Long, AgentCall> byMark, Findings findings) {
        Map<Long, Long> numbers = new HashMap<>();
        AgentCall soonest = null;
        for (var event : events.descendingMap().entrySet()) {
            Shown shown = event.getValue();
            AgentCall append = byMark.get(shown.mark);
            String what = "event " + event.getKey() + " of " + session;
            if (append == null) {
                report(findings, Anomaly.GARBAGE, what, shown.read);
                continue;
            }
            if (append.call().outcome() == Outcome.FAIL) {
                report(findings, Anomaly.FAILED_BUT_APPLIED, what, append, shown.read);
            }
            Long other = numbers.put(shown.mark, event.getKey());
            if (other != null) {
                report(findings, Anomaly.DOUBLE_APPLY, what + ", and event " + other, append, shown.read);
            }
            if (soonest != null && soonest.isBefore(append)) {
                report(findings, Anomaly.COMMIT_ORDER, what, soonest, append);
            }
            boolean isSooner = soonest == null
                    || append.call().returnNanos() < soonest.call().returnNanos();
            soonest = isSooner ? append : soonest;
        }
    }

    private void judgeTokens(Findings findings) {
        Map<String, Long> newest = new HashMap<>();
        events.forEach((number, shown) -> shown.tokens.forEach((resource, token) -> {
            long before = newest.getOrDefault(resource, 0L);
            if (token < before) {
                report(
                        findings,
                        Anomaly.FENCE_PASSED,
                        "event %d of %s under token %d of %s, after %d"
                                .formatted(number, session, token, resource, before),
                        shown.read);
            }
            newest.merge(resource, token, Math::max);
        }));
    }

    /** A page that does not say that there is more shows all that had been acknowledged when it was asked for. */
    private void judgeFreshness(AgentCall read, Findings findings) {
        Members answer = read.answer();
        if (answer == null || AgentCall.hasNumber(answer, "next_seq")) {
            return;
        }
        List<Members> page = eventsOf(read);
        long last = page.isEmpty() ? from(read) - 1 : page.getLast().number("sequence_number");
        for (AgentCall append : appends) {
            Members told = append.answer();
            if (told != null && append.isBefore(read) && told.number("sequence_number") > last) {
                report(findings, Anomaly.STALE_READ, session + " up to event " + last, append, read);
                return;
            }
        }
    }
}
