package io.statehouse.cluster.check;

import java.util.ArrayList;
import java.util.List;

/** What a checker has found so far: the first few, for one broken promise breaks thousands of calls. */
public final class Findings {
    private static final int KEPT_MAX = 20;

    private final List<Finding> kept = new ArrayList<>();
    private long dropped;

    public void add(Anomaly anomaly, String witness) {
        if (kept.size() < KEPT_MAX) {
            kept.add(new Finding(anomaly, witness));
        } else {
            dropped++;
        }
    }

    public boolean isEmpty() {
        return kept.isEmpty();
    }

    /** Takes over what another checker found; returns how much that one examined. */
    public long addAll(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Legal legal -> legal.examined();
            case Verdict.Undecided undecided -> 0;
            case Verdict.Illegal illegal -> {
                illegal.findings().forEach(finding -> add(finding.anomaly(), finding.witness()));
                yield 0;
            }
        };
    }

    public Verdict verdict(long examined) {
        if (kept.isEmpty()) {
            return new Verdict.Legal(examined);
        }
        if (dropped > 0) {
            Finding last = kept.getLast();
            kept.set(kept.size() - 1, new Finding(last.anomaly(), last.witness() + "\n… and " + dropped + " more"));
        }
        return new Verdict.Illegal(kept);
    }
}
