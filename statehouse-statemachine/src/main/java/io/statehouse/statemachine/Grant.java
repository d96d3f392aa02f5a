package io.statehouse.statemachine;

/**
 * A role in a namespace.
 *
 * @param namespace {@link #EVERYWHERE} = in all of them
 */
public record Grant(Role role, String namespace) {
    /** All namespaces, those that are made later included. */
    public static final String EVERYWHERE = "*";

    /** Whether this is enough to do in a namespace what asks for a role. */
    public boolean covers(Role asked, String where) {
        return role.includes(asked) && (namespace.equals(EVERYWHERE) || namespace.equals(where));
    }
}
