package io.statehouse.client;

import java.util.List;

/**
 * A role in a namespace.
 *
 * @param role one of {@link #ROLES}; each may do what those before it may. A newer server may tell of others
 * @param namespace {@code *} = in all of them
 */
public record TokenGrant(String role, String namespace) {
    /** The roles there are, the least first. */
    public static final List<String> ROLES = List.of("reader", "writer", "operator", "admin");

    /**
     * Reads {@code ROLE:NAMESPACE}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static TokenGrant parse(String text) {
        int colon = text.indexOf(':');
        String role = colon < 0 ? text : text.substring(0, colon);
        if (colon < 0 || colon == text.length() - 1 || !ROLES.contains(role)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no ROLE:NAMESPACE; roles are " + ROLES + ", and namespace * is all of them");
        }
        return new TokenGrant(role, text.substring(colon + 1));
    }

    @Override
    public String toString() {
        return role + ":" + namespace;
    }
}
