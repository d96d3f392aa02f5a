package io.statehouse.cluster.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** The arrows between modules and packages, and what the core may not touch. */
final class Laws {
    private static final String CORE = "io.statehouse.statemachine..";
    private static final String CODEC = "io.statehouse.statemachine.codec..";
    private static final String STORAGE = "io.statehouse.statemachine.storage..";
    private static final String RAFT = "io.statehouse.raft..";
    private static final String NODE = "io.statehouse.node..";
    private static final String CLIENT = "io.statehouse.client..";
    private static final String CLI = "io.statehouse.cli..";
    private static final String DISK = "io.statehouse.proto.storage..";
    private static final String[] LANGUAGE = {"java..", "javax..", "org.jspecify..", "com.sun.management.."};

    static final List<Law> ALL = List.of(
            new Law(
                    "the core uses the language and itself; its codec the stored messages, its storage RocksDB",
                    only(CORE, CORE, DISK, "com.google.protobuf..", "org.rocksdb.."),
                    "package io.statehouse.statemachine.state; class A { io.grpc.Status status; }"),
            new Law(
                    "stored messages are seen by the codec alone",
                    soleImporter(DISK, CODEC, "io.statehouse.proto.."),
                    "package io.statehouse.statemachine.decide; class A { io.statehouse.proto.storage.v1.LogBatch batch; }"),
            new Law(
                    "the core reaches protobuf through the codec alone",
                    noClasses()
                            .that()
                            .resideInAPackage(CORE)
                            .and()
                            .resideOutsideOfPackage(CODEC)
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage("com.google.protobuf.."),
                    "package io.statehouse.statemachine.event; class A { com.google.protobuf.ByteString bytes; }"),
            new Law(
                    "RocksDB is seen by the storage alone",
                    soleImporter("org.rocksdb..", STORAGE),
                    "package io.statehouse.statemachine.history; class A { org.rocksdb.RocksDB database; }"),
            new Law(
                    "deciding cannot see storage, so it cannot write",
                    no("io.statehouse.statemachine.decide..", STORAGE, "io.statehouse.statemachine.project.."),
                    "package io.statehouse.statemachine.decide; "
                            + "class A { io.statehouse.statemachine.storage.Store store; }"),
            new Law(
                    "projecting cannot see commands, so it cannot decide",
                    no(
                            "io.statehouse.statemachine.project..",
                            "io.statehouse.statemachine.command..",
                            "io.statehouse.statemachine.decide.."),
                    "package io.statehouse.statemachine.project; "
                            + "class A { io.statehouse.statemachine.command.Command command; }"),
            new Law(
                    "events do not know the commands' deciders, rows or files",
                    no(
                            "io.statehouse.statemachine.event..",
                            "io.statehouse.statemachine.decide..",
                            "io.statehouse.statemachine.project..",
                            STORAGE,
                            CODEC),
                    "package io.statehouse.statemachine.event; "
                            + "class A { io.statehouse.statemachine.storage.Store store; }"),
            new Law(
                    "Raft carries bytes: it sees the core and Ratis, and no message of ours",
                    only(RAFT, RAFT, CORE, "org.apache.ratis..", "org.slf4j..", "jdk.jfr.."),
                    "package io.statehouse.raft; class A { io.statehouse.proto.v1.HealthRequest request; }"),
            new Law(
                    "Ratis, and all it shades, is seen by Raft alone",
                    soleImporter("org.apache.ratis..", RAFT),
                    "package io.statehouse.node; class A { org.apache.ratis.server.RaftServer server; }"),
            new Law(
                    "the node sees the wire and never the stored messages",
                    no(NODE, DISK, CLIENT, CLI),
                    "package io.statehouse.node.grpc; class A { io.statehouse.proto.storage.v1.LogBatch batch; }"),
            new Law(
                    "gRPC is seen by the node's grpc package and by the client",
                    soleImporter(
                            "io.grpc..",
                            "io.statehouse.node.grpc..",
                            CLIENT,
                            "io.statehouse.proto..",
                            "io.statehouse.cluster.."),
                    "package io.statehouse.node.service; class A { io.grpc.Status status; }"),
            new Law(
                    "Jetty is seen by the node's http package alone",
                    soleImporter("org.eclipse.jetty..", "io.statehouse.node.http.."),
                    "package io.statehouse.node.service; class A { org.eclipse.jetty.server.Server server; }"),
            new Law(
                    "OpenTelemetry is seen by the node's tracing package alone, so that a node without it never loads it",
                    soleImporter("io.opentelemetry..", "io.statehouse.node.tracing.."),
                    "package io.statehouse.node.service; class A { io.opentelemetry.api.trace.Span span; }"),
            new Law(
                    "the node's services know no transport",
                    no("io.statehouse.node.service..", "io.statehouse.node.grpc..", "io.statehouse.node.http.."),
                    "package io.statehouse.node.service; class A extends io.statehouse.node.grpc.B {} "
                            + "// package io.statehouse.node.grpc; public class B {}"),
            new Law(
                    "the client knows no type of a server",
                    no(CLIENT, CORE, RAFT, NODE, DISK),
                    "package io.statehouse.client; class A { io.statehouse.statemachine.CommitTs at; }"),
            new Law(
                    "the client does not know its command line",
                    no(CLIENT, CLI, "picocli.."),
                    "package io.statehouse.client; class A { picocli.CommandLine line; }"),
            new Law(
                    "nobody sees the cluster tests",
                    noClasses()
                            .that()
                            .resideOutsideOfPackage("io.statehouse.cluster..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage("io.statehouse.cluster.."),
                    "package io.statehouse.client; class A { io.statehouse.cluster.B b; } "
                            + "// package io.statehouse.cluster; public class B {}"),
            new Law(
                    "the core has no clock: time is data in the log",
                    noCalls(CORE, "read a clock", Calls.CLOCKS),
                    "package io.statehouse.statemachine.decide; class A { long at = System.currentTimeMillis(); }"),
            new Law(
                    "the core has no chance: two replicas must agree",
                    noCalls(CORE, "draw a random value", Calls.CHANCE),
                    "package io.statehouse.statemachine.decide; class A { Object id = java.util.UUID.randomUUID(); }"),
            new Law(
                    "the core has one writer and no network",
                    no(CORE, "java.util.concurrent..", "java.net..", "java.nio.channels.."),
                    "package io.statehouse.statemachine.state; class A { java.util.concurrent.locks.ReentrantLock lock; }"),
            new Law(
                    "wall-clock time and chance enter a node where its parts are put together",
                    noCalls(
                            new String[] {RAFT, NODE},
                            "read a wall clock or draw a random value",
                            Calls.ENTROPY,
                            Calls.ROOTS),
                    "package io.statehouse.raft; class A { java.time.Instant at = java.time.Instant.now(); }"),
            new Law(
                    "no Java serialization",
                    noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.io.ObjectInputStream"),
                    "package io.statehouse.node; class A { java.io.ObjectInputStream in; }"),
            new Law(
                    "no package and no class is named after nothing in particular",
                    classes()
                            .that()
                            .resideOutsideOfPackage("io.statehouse.proto..")
                            .should(new Names()),
                    "package io.statehouse.node; class KeyUtils {}"));

    private Laws() {}

    private static ArchRule only(String who, String... what) {
        return classes()
                .that()
                .resideInAPackage(who)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(what).or(resideInAnyPackage(LANGUAGE)));
    }

    private static ArchRule no(String who, String... what) {
        return noClasses()
                .that()
                .resideInAPackage(who)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(what);
    }

    private static ArchRule soleImporter(String what, String... who) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(who)
                .and()
                .resideOutsideOfPackage(what)
                .should()
                .dependOnClassesThat(resideInAPackage(what));
    }

    private static ArchRule noCalls(String who, String act, List<String> calls) {
        return noCalls(new String[] {who}, act, calls, List.of());
    }

    private static ArchRule noCalls(String[] who, String act, List<String> calls, List<String> except) {
        return classes().that().resideInAnyPackage(who).should(new Calls(act, calls, except));
    }
}
