package io.statehouse.cli;

import java.util.Arrays;

/** Spares a process that lives for one call what only pays in a long life. */
final class Startup {
    /** The prefix of the network library's settings inside gRPC's shaded copy. */
    private static final String NETTY = "io.grpc.netty.shaded.io.netty.";

    private Startup() {}

    static void prepare(String... args) {
        // Flight recorder events of the allocator, which load a part of the JDK.
        setUnlessSet(NETTY + "jfr.enabled", "false");
        if (!Arrays.asList(args).contains("bench")) {
            // The native transport is unpacked to a temporary file first.
            setUnlessSet(NETTY + "transport.noNative", "true");
        }
    }

    private static void setUnlessSet(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
