package io.statehouse.client;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Several fake nodes over one state. */
final class FakeCluster implements AutoCloseable {
    private final FakeState state = new FakeState();
    private final List<FakeNode> nodes;

    FakeCluster(int size) {
        nodes = IntStream.range(0, size).mapToObj(i -> new FakeNode(state)).toList();
    }

    FakeState state() {
        return state;
    }

    FakeNode node(int index) {
        return nodes.get(index);
    }

    /** Everyone but this one names it. */
    void lead(FakeNode leader) {
        for (FakeNode node : nodes) {
            node.leader = leader.address();
            node.deed = node == leader ? FakeNode.Deed.ANSWER : FakeNode.Deed.NAME_LEADER;
        }
    }

    String addresses() {
        return nodes.stream().map(FakeNode::address).collect(Collectors.joining(","));
    }

    StatehouseClient connect() {
        return connect(options -> options);
    }

    /** A client with short patience, changed as the test wants it. */
    StatehouseClient connect(UnaryOperator<ClientOptions> changed) {
        return StatehouseClient.connect(changed.apply(patient(addresses())));
    }

    static ClientOptions patient(String addresses) {
        return ClientOptions.of(addresses).callTimeout(Duration.ofSeconds(10)).tryTimeout(Duration.ofSeconds(2));
    }

    @Override
    public void close() {
        nodes.forEach(FakeNode::close);
    }
}
