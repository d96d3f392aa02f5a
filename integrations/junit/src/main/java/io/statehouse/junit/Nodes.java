package io.statehouse.junit;

import io.statehouse.node.EmbeddedCluster;
import io.statehouse.node.EmbeddedStatehouse;

/** The nodes that run for tests. */
sealed interface Nodes extends AutoCloseable {
    /** One that keeps everything in memory. */
    record One(EmbeddedStatehouse node) implements Nodes {
        @Override
        public String addresses() {
            return node.address();
        }

        @Override
        public EmbeddedCluster cluster() {
            throw new IllegalStateException("there is one node; ask for 3");
        }

        @Override
        public void close() {
            node.close();
        }
    }

    /** Three that replicate to each other. */
    record Three(EmbeddedCluster cluster) implements Nodes {
        @Override
        public String addresses() {
            return cluster.addresses();
        }

        @Override
        public void close() {
            cluster.close();
        }
    }

    static Nodes start(int count) {
        return requireCount(count) == 1 ? new One(EmbeddedStatehouse.inMemory()) : new Three(EmbeddedCluster.start());
    }

    static int requireCount(int count) {
        if (count != 1 && count != EmbeddedCluster.SIZE) {
            throw new IllegalArgumentException("nodes is " + count + "; it must be 1 or " + EmbeddedCluster.SIZE);
        }
        return count;
    }

    String addresses();

    EmbeddedCluster cluster();

    @Override
    void close();
}
