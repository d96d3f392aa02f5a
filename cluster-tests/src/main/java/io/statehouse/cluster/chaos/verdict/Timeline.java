package io.statehouse.cluster.chaos.verdict;

import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.HistoryLine.Mark;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What happened beside the calls, on the clock of the history.
 *
 * @param phases when each phase that was reached began
 * @param faults in the order they were struck
 * @param leaders in the order they were noticed
 * @param deaths of processes that no fault had ended
 * @param sightings what the plan measured or saw, by name, in order
 */
public record Timeline(
        Map<Phase, Long> phases,
        List<FaultSpan> faults,
        List<Leadership> leaders,
        List<Death> deaths,
        List<Sighting> sightings) {
    /** Kinds of marks, and the words that follow. */
    public static final String PHASE = "phase";

    public static final String STRUCK = "struck";
    public static final String OBSERVED = "observed";
    public static final String HEALING = "healing";
    public static final String HEALED = "healed";
    public static final String LEADS = "leads";
    public static final String DIED = "died";
    public static final String SEEN = "seen";

    /** The phases of a run, in their order. */
    public enum Phase {
        /** Traffic without faults: the baseline. */
        WARM_UP,
        /** Faults are struck. */
        FAULTS,
        /** Everything is healed; traffic goes on until it is as quick as before. */
        RECOVERY,
        /** No traffic; doubts are resolved and every node is asked for its state and its journal. */
        AUDIT,
        /** All has been asked. */
        DONE
    }

    /** Copies everything. */
    public Timeline {
        phases = Map.copyOf(phases);
        faults = List.copyOf(faults);
        leaders = List.copyOf(leaders);
        deaths = List.copyOf(deaths);
        sightings = List.copyOf(sightings);
    }

    /**
     * One fault from strike to healing.
     *
     * @param healNanos when it began to be undone: from then on it may be in force or not
     * @param endNanos when it was undone; {@link Long#MAX_VALUE} if it never was
     * @param evidence by which it was seen to be in force; empty if it was not
     */
    public record FaultSpan(
            int number, String name, String target, long beginNanos, long healNanos, long endNanos, String evidence) {
        /** Whether it was seen to be in force. */
        public boolean isObserved() {
            return !evidence.isEmpty();
        }
    }

    /** Somebody was seen to lead. */
    public record Leadership(long nanos, String node, long term) {}

    /** A process ended by itself. */
    public record Death(long nanos, String node, int status) {}

    /** Something the plan measured or saw. */
    public record Sighting(long nanos, String name, String value) {}

    /** Reads the marks of a history. */
    public static Timeline of(History history) {
        Map<Phase, Long> phases = new EnumMap<>(Phase.class);
        Map<Integer, FaultSpan> faults = new TreeMap<>();
        List<Leadership> leaders = new ArrayList<>();
        List<Death> deaths = new ArrayList<>();
        List<Sighting> sightings = new ArrayList<>();
        for (Mark mark : history.marks()) {
            List<String> words = mark.words();
            switch (mark.kind()) {
                case PHASE -> phases.put(Phase.valueOf(words.get(0)), mark.nanos());
                case STRUCK, OBSERVED, HEALING, HEALED ->
                    faults.merge(Integer.parseInt(words.get(0)), fault(mark), Timeline::merged);
                case LEADS -> leaders.add(new Leadership(mark.nanos(), words.get(0), Long.parseLong(words.get(1))));
                case DIED -> deaths.add(new Death(mark.nanos(), words.get(0), Integer.parseInt(words.get(1))));
                case SEEN -> sightings.add(new Sighting(mark.nanos(), words.get(0), words.get(1)));
                default -> throw new IllegalArgumentException("a mark of an unknown kind: " + mark);
            }
        }
        return new Timeline(phases, List.copyOf(faults.values()), leaders, deaths, sightings);
    }

    /** What one mark knows of its fault; the strike comes first. */
    private static FaultSpan fault(Mark mark) {
        int number = Integer.parseInt(mark.words().get(0));
        long at = mark.nanos();
        long never = Long.MAX_VALUE;
        return switch (mark.kind()) {
            case STRUCK ->
                new FaultSpan(number, mark.words().get(1), mark.words().get(2), at, never, never, "");
            case OBSERVED ->
                new FaultSpan(number, "", "", at, never, never, mark.words().get(1));
            case HEALING -> new FaultSpan(number, "", "", at, at, never, "");
            default -> new FaultSpan(number, "", "", at, at, at, "");
        };
    }

    private static FaultSpan merged(FaultSpan struck, FaultSpan later) {
        return new FaultSpan(
                struck.number(),
                struck.name(),
                struck.target(),
                struck.beginNanos(),
                Math.min(struck.healNanos(), later.healNanos()),
                Math.min(struck.endNanos(), later.endNanos()),
                later.isObserved() ? later.evidence() : struck.evidence());
    }

    /** When a phase began; the end of time if it was never reached. */
    public long begin(Phase phase) {
        return phases.getOrDefault(phase, Long.MAX_VALUE);
    }

    /** Whether this moment lies between the begins of two phases. */
    public boolean isWithin(long nanos, Phase from, Phase before) {
        return nanos >= begin(from) && nanos < begin(before);
    }

    /** How often leadership went to another node while faults were struck. */
    public int leaderChanges() {
        int changes = 0;
        for (int i = 1; i < leaders.size(); i++) {
            Leadership next = leaders.get(i);
            boolean isOther = !next.node().equals(leaders.get(i - 1).node());
            changes += isOther && isWithin(next.nanos(), Phase.FAULTS, Phase.RECOVERY) ? 1 : 0;
        }
        return changes;
    }
}
