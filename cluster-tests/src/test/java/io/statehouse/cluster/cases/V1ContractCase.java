package io.statehouse.cluster.cases;

import io.statehouse.cluster.ProcessCluster;
import io.statehouse.node.contract.V1Contract;
import io.statehouse.node.contract.V1Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Every line of the published contract holds through a plain generated stub, whichever node it talks to. */
class V1ContractCase {
    private static ProcessCluster cluster;
    private static String leader;
    private static String follower;

    @BeforeAll
    static void start() {
        cluster = ProcessCluster.start("v1-contract");
        leader = cluster.awaitLeader().api();
        follower = cluster.awaitFollower().api();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Nested
    class ThroughTheLeader extends V1Contract {
        @Override
        protected String address() {
            return leader;
        }

        @Override
        protected String otherAddress() {
            return follower;
        }
    }

    @Nested
    class ThroughAFollower extends V1Contract {
        @Override
        protected String address() {
            return follower;
        }

        @Override
        protected String otherAddress() {
            return leader;
        }
    }

    @Nested
    class ErrorsOfTheLeader extends V1Errors {
        @Override
        protected String address() {
            return leader;
        }
    }

    @Nested
    class ErrorsOfAFollower extends V1Errors {
        @Override
        protected String address() {
            return follower;
        }
    }
}
