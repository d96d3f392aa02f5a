package io.statehouse.client;

import java.util.List;

/**
 * A part of a listing.
 *
 * @param items the names or entries, in ascending order of their UTF-8 bytes
 * @param readTs the commit_ts of the cut that all pages of this listing read
 * @param nextToken what to ask the next page with; "" = this is the last one
 */
public record Page<T>(List<T> items, long readTs, String nextToken) {
    /** Copies the list. */
    public Page {
        items = List.copyOf(items);
    }

    /** Whether another page follows. */
    public boolean hasNext() {
        return !nextToken.isEmpty();
    }
}
