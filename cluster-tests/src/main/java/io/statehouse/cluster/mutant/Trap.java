package io.statehouse.cluster.mutant;

import java.util.Map;

/**
 * The test that must fail when the product is broken.
 *
 * @param method empty = all tests of the class
 * @param properties system properties of the run
 * @param layer where the break is put: in the JVM of the test, or in the nodes that the test starts
 */
public record Trap(String testClass, String method, Map<String, String> properties, Layer layer) {
    /** Where a break is put. */
    public enum Layer {
        /** In the JVM of the test. */
        TEST,
        /** In the processes of the nodes that the test starts. */
        NODES
    }

    /** Copies the properties. */
    public Trap {
        properties = Map.copyOf(properties);
    }

    static Trap inTest(String testClass, String method) {
        return new Trap(testClass, method, Map.of(), Layer.TEST);
    }

    static Trap inNodes(String testClass, String method) {
        return new Trap(testClass, method, Map.of(), Layer.NODES);
    }

    @Override
    public String toString() {
        String name = testClass.substring(testClass.lastIndexOf('.') + 1);
        return method.isEmpty() ? name : name + "#" + method;
    }
}
