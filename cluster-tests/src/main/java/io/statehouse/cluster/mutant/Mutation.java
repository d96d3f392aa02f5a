package io.statehouse.cluster.mutant;

import java.util.List;

/**
 * One way to break the product as real systems were broken.
 *
 * @param id M1 to M20
 * @param sentence what is wrong then
 */
public record Mutation(String id, String sentence, List<Change> changes, Trap trap) {
    /** Copies the changes. */
    public Mutation {
        changes = List.copyOf(changes);
    }

    @Override
    public String toString() {
        return id;
    }

    /** All of them. */
    public static List<Mutation> all() {
        return Mutations.ALL;
    }

    /** The one of that id. */
    public static Mutation of(String id) {
        return Mutations.ALL.stream()
                .filter(mutation -> mutation.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no mutant '" + id + "'; there are M1 to M20"));
    }
}
