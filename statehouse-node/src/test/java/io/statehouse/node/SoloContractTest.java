package io.statehouse.node;

import io.statehouse.node.contract.V1Contract;
import io.statehouse.node.contract.V1Errors;
import io.statehouse.node.contract.V1History;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The published contract on a node of its own. */
class SoloContractTest {
    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Nested
    class Semantics extends V1Contract {
        @Override
        protected String address() {
            return node.address();
        }
    }

    @Nested
    class History extends V1History {
        @Override
        protected String address() {
            return node.address();
        }
    }

    @Nested
    class Errors extends V1Errors {
        @Override
        protected String address() {
            return node.address();
        }
    }
}
