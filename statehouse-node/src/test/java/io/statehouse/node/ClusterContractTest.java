package io.statehouse.node;

import io.statehouse.node.contract.V1Contract;
import io.statehouse.node.contract.V1Errors;
import io.statehouse.node.contract.V1History;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The published contract on three replicated nodes: an existing client may talk to any of them. */
class ClusterContractTest {
    private static TestCluster cluster;

    @BeforeAll
    static void start(@TempDir Path directory) {
        cluster = TestCluster.start(directory);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Nested
    class SemanticsOnALeader extends V1Contract {
        @Override
        protected String address() {
            return cluster.leader().address();
        }

        @Override
        protected String otherAddress() {
            return cluster.followers().get(0).address();
        }
    }

    @Nested
    class SemanticsOnAFollower extends V1Contract {
        @Override
        protected String address() {
            return cluster.followers().get(0).address();
        }

        @Override
        protected String otherAddress() {
            return cluster.followers().get(1).address();
        }
    }

    @Nested
    class HistoryOnALeader extends V1History {
        @Override
        protected String address() {
            return cluster.leader().address();
        }
    }

    @Nested
    class HistoryOnAFollower extends V1History {
        @Override
        protected String address() {
            return cluster.followers().get(0).address();
        }
    }

    @Nested
    class ErrorsOnAFollower extends V1Errors {
        @Override
        protected String address() {
            return cluster.followers().get(0).address();
        }
    }
}
