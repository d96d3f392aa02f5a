package io.statehouse.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Resources that a holder has for a time, each with a token that is larger than all before it.
 *
 * <p>Being held is no proof: time passes between a look at the clock and a write. So a commit names the lease by {@link
 * Commit.Builder#fence}, and is refused with FENCED when another has taken it or its time is over.
 *
 * @param tokens the fencing token of each resource
 */
public record Lease(String holder, Map<String, Long> tokens) {
    public Lease {
        tokens = Collections.unmodifiableMap(new LinkedHashMap<>(tokens));
    }

    /** The token of a lease on one resource. */
    public long token() {
        if (tokens.size() != 1) {
            throw new IllegalStateException("the lease is on " + tokens.size() + " resources");
        }
        return tokens.values().iterator().next();
    }
}
