package io.statehouse.cluster.chaos.report;

import io.statehouse.cluster.chaos.verdict.Facts;
import io.statehouse.cluster.check.history.Call;
import java.util.ArrayList;
import java.util.List;

/** The traffic of a run cut into short, equal times: how much was committed in each, and how long calls took. */
final class Buckets {
    private static final double WIDTH_PIXELS = 6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final double MEDIAN = 0.5;
    private static final double SLOWEST = 0.99;

    private final Scale scale;
    private final int count;
    private final long[] commits;
    private final List<List<Long>> micros = new ArrayList<>();

    Buckets(Scale scale, List<Call> calls) {
        this.scale = scale;
        this.count = (int) ((Scale.RIGHT - Scale.LEFT) / WIDTH_PIXELS);
        this.commits = new long[count];
        for (int i = 0; i < count; i++) {
            micros.add(new ArrayList<>());
        }
        for (Call call : calls) {
            if (call.isOk() && call.returnNanos() < scale.toNanos() && call.returnNanos() >= scale.fromNanos()) {
                int bucket = bucketOf(call.returnNanos());
                commits[bucket] += Facts.isAcknowledgedCommit(call) ? 1 : 0;
                micros.get(bucket).add((call.returnNanos() - call.callNanos()) / NANOS_PER_MICRO);
            }
        }
        micros.forEach(times -> times.sort(Long::compare));
    }

    private int bucketOf(long nanos) {
        double share = (nanos - scale.fromNanos()) / (double) (scale.toNanos() - scale.fromNanos());
        return Math.clamp((int) (share * count), 0, count - 1);
    }

    int count() {
        return count;
    }

    /** Commits a second. */
    double rate(int bucket) {
        double seconds = (scale.toNanos() - scale.fromNanos()) / NANOS_PER_SECOND / count;
        return commits[bucket] / seconds;
    }

    double rateMax() {
        double most = 1;
        for (int i = 0; i < count; i++) {
            most = Math.max(most, rate(i));
        }
        return most;
    }

    boolean isSilent(int bucket) {
        return micros.get(bucket).isEmpty();
    }

    long medianMicros(int bucket) {
        return Facts.percentile(micros.get(bucket), MEDIAN);
    }

    long slowMicros(int bucket) {
        return Facts.percentile(micros.get(bucket), SLOWEST);
    }

    /** The middle of a bucket on the page. */
    double x(int bucket) {
        return Scale.LEFT + (Scale.RIGHT - Scale.LEFT) * (bucket + MEDIAN) / count;
    }
}
