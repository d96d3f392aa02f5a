package io.statehouse.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Leases on any number of resources at once: all or none, first come first served, ended by time when their holder dies. */
public final class Leases {
    private final AgentClient agents;
    private final String holder;

    Leases(AgentClient agents, String holder) {
        this.agents = agents;
        this.holder = holder;
    }

    /** Takes all resources if all are free and nobody waits for one; else none. */
    public Optional<Lease> tryAcquire(Duration timeToLive, String... resources) {
        return acquire(timeToLive, Duration.ZERO, resources);
    }

    /**
     * Takes all resources, waiting for them in their queues.
     *
     * @param timeToLive after which it is over unless it is renewed
     * @param patience how long to wait, at most about the client's time per call; empty when that was not enough
     */
    public Optional<Lease> acquire(Duration timeToLive, Duration patience, String... resources) {
        return granted(agents.execute(
                "lease.acquire",
                Map.of(
                        "resources", List.of(resources),
                        "holder", holder,
                        "ttl_ms", timeToLive.toMillis(),
                        "wait_ms", patience.toMillis())));
    }

    /** Takes resources from whoever holds them; the holder of before is fenced from now on. */
    public Lease takeOver(Duration timeToLive, String... resources) {
        return granted(agents.execute(
                        "lease.acquire",
                        Map.of(
                                "resources",
                                List.of(resources),
                                "holder",
                                holder,
                                "ttl_ms",
                                timeToLive.toMillis(),
                                "take_over",
                                true)))
                .orElseThrow(() -> new IllegalStateException("a lease was not taken over"));
    }

    private Optional<Lease> granted(Json answer) {
        Map<String, @Nullable Object> members = answer.toMap();
        if (!Boolean.TRUE.equals(members.get("granted"))) {
            return Optional.empty();
        }
        var tokens = new LinkedHashMap<String, Long>();
        for (Object lease : (List<?>) Objects.requireNonNull(members.get("leases"))) {
            Map<?, ?> one = (Map<?, ?>) Objects.requireNonNull(lease);
            Number token = (Number) Objects.requireNonNull(one.get("token"));
            tokens.put(String.valueOf(one.get("resource")), token.longValue());
        }
        return Optional.of(new Lease(holder, tokens));
    }

    /**
     * Makes a lease last anew.
     *
     * @throws StatehouseException.Refused with FENCED when it is not held any more
     */
    public void renew(Lease lease, Duration timeToLive) {
        agents.execute(
                "lease.renew",
                Map.of("fences", fences(lease), "holder", lease.holder(), "ttl_ms", timeToLive.toMillis()));
    }

    /**
     * Gives a lease back.
     *
     * @throws StatehouseException.Refused with FENCED when it is not held any more
     */
    public void release(Lease lease) {
        agents.execute("lease.release", Map.of("fences", fences(lease)));
    }

    private static List<Map<String, Object>> fences(Lease lease) {
        return lease.tokens().entrySet().stream()
                .map(entry -> Map.<String, Object>of("resource", entry.getKey(), "token", entry.getValue()))
                .toList();
    }
}
