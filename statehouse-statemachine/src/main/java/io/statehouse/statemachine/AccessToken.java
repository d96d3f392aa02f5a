package io.statehouse.statemachine;

import java.util.List;

/**
 * What is known of a token that callers show; the token itself is nowhere.
 *
 * @param name who shows it, in logs too
 * @param secretSha256 of the token's secret, in hexadecimal digits
 * @param createdBy who made it
 * @param expiresMillis from then on nobody can show it, milliseconds since 1970; 0 = it does not expire
 * @param createdMillis log time of its making, milliseconds since 1970; 0 = not made yet
 */
public record AccessToken(
        String name,
        String secretSha256,
        List<Grant> grants,
        String createdBy,
        long expiresMillis,
        long createdMillis) {
    public AccessToken {
        grants = List.copyOf(grants);
    }

    /** The same, made at a moment. */
    public AccessToken madeAt(long millis) {
        return new AccessToken(name, secretSha256, grants, createdBy, expiresMillis, millis);
    }

    /** Whether it can be shown at a moment. */
    public boolean isInForce(long nowMillis) {
        return expiresMillis == 0 || nowMillis < expiresMillis;
    }

    /** Whether some grant is enough to do in a namespace what asks for a role. */
    public boolean covers(Role asked, String namespace) {
        return grants.stream().anyMatch(grant -> grant.covers(asked, namespace));
    }
}
