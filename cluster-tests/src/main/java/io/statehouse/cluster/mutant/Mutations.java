package io.statehouse.cluster.mutant;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The table of mutants in the order of their numbers. */
final class Mutations {
    static final List<Mutation> ALL = Stream.of(RaftMutations.ALL, CoreMutations.ALL, EdgeMutations.ALL)
            .flatMap(List::stream)
            .sorted(Comparator.comparingInt(
                    mutation -> Integer.parseInt(mutation.id().substring(1))))
            .toList();

    private Mutations() {}
}
