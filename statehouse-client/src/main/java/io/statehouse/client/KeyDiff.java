package io.statehouse.client;

import org.jspecify.annotations.Nullable;

/**
 * A key that differs.
 *
 * @param key the key
 * @param versionBefore the version it had; 0 = it held nothing
 * @param versionAfter the version it has; 0 = it holds nothing
 * @param patch a JSON Patch (RFC 6902): applied to the value before, or to null where there was none, it gives the value
 *     after; null = the key was deleted
 */
public record KeyDiff(
        String key,
        long versionBefore,
        long versionAfter,
        @Nullable Json patch) {
    /** Whether the key is gone. */
    public boolean isDeleted() {
        return patch == null;
    }
}
