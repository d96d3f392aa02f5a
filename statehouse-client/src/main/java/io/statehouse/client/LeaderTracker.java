package io.statehouse.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Remembers which endpoint led last and which failed a moment ago, and says which one to try next. */
final class LeaderTracker {
    /** How long a failed endpoint is asked only when there is no other. */
    static final Duration AVOIDED_FOR = Duration.ofSeconds(1);

    /** How long hints are not asked for after a hinted address was out of reach from here. */
    static final Duration HINTS_DISTRUSTED_FOR = Duration.ofSeconds(30);

    private final List<Endpoint> configured;
    private final LongSupplier nanoTime;
    private final AtomicReference<@Nullable Endpoint> leader = new AtomicReference<>();
    private final AtomicInteger turn = new AtomicInteger();
    // Hinted addresses that have answered at least once, so that their silence is a death and not a wrong address.
    private final Set<Endpoint> reached = ConcurrentHashMap.newKeySet();
    private final Map<Endpoint, Long> avoidedUntil = new ConcurrentHashMap<>();
    private volatile @Nullable Long hintsDistrustedUntil;

    LeaderTracker(List<Endpoint> configured, LongSupplier nanoTime) {
        this.configured = configured;
        this.nanoTime = nanoTime;
    }

    /** The leader if one is believed in, else the next endpoint in turn. */
    Endpoint likelyLeader() {
        Endpoint believed = leader.get();
        return believed == null ? anyone() : believed;
    }

    /** The next configured endpoint in turn, passing over those that failed a moment ago while there are others. */
    Endpoint anyone() {
        int start = turn.getAndIncrement();
        for (int i = 0; i < configured.size(); i++) {
            Endpoint next = configured.get(Math.floorMod(start + i, configured.size()));
            if (!isAvoided(next)) {
                return next;
            }
        }
        return configured.get(Math.floorMod(start, configured.size()));
    }

    /** Whether a call may ask for a hint instead of being forwarded. */
    boolean mayFollowHints() {
        Long until = hintsDistrustedUntil;
        return until == null || nanoTime.getAsLong() - until >= 0;
    }

    /** An endpoint answered as leader, or a member named it. */
    void leads(Endpoint endpoint) {
        leader.set(endpoint);
    }

    /** An endpoint said that it does not lead and knows nobody who does. */
    void leadsNot(Endpoint endpoint) {
        leader.compareAndSet(endpoint, null);
    }

    void answered(Endpoint endpoint) {
        avoidedUntil.remove(endpoint);
        if (!configured.contains(endpoint) && reached.size() < ClientOptions.ENDPOINTS_MAX) {
            reached.add(endpoint);
        }
    }

    /**
     * An endpoint could not be reached or stayed silent.
     *
     * @return whether it was known from a hint alone and never reached: its connection is of no more use
     */
    boolean failed(Endpoint endpoint) {
        leadsNot(endpoint);
        if (configured.contains(endpoint) || reached.contains(endpoint)) {
            avoidedUntil.put(endpoint, nanoTime.getAsLong() + AVOIDED_FOR.toNanos());
            return false;
        }
        // Members may know each other under addresses that mean nothing here; then let them forward.
        hintsDistrustedUntil = nanoTime.getAsLong() + HINTS_DISTRUSTED_FOR.toNanos();
        return true;
    }

    @Nullable
    Endpoint believedLeader() {
        return leader.get();
    }

    int size() {
        return configured.size();
    }

    private boolean isAvoided(Endpoint endpoint) {
        Long until = avoidedUntil.get(endpoint);
        return until != null && nanoTime.getAsLong() - until < 0;
    }
}
