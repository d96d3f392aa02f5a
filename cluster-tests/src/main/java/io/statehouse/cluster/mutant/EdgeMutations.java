package io.statehouse.cluster.mutant;

import static java.util.Objects.requireNonNull;

import io.grpc.stub.ServerCallStreamObserver;
import io.statehouse.proto.v1.CommitRequest;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Breaks of what stands between the core and a caller: watches and the client. */
final class EdgeMutations {
    private static final Map<Object, Boolean> SENT = Collections.synchronizedMap(new IdentityHashMap<>());

    private EdgeMutations() {}

    static final List<Mutation> ALL = List.of(
            new Mutation(
                    "M13",
                    "a watch drops what its reader has no room for",
                    List.of(Change.of("io.statehouse.node.grpc.WatchStream", "send", EdgeMutations::sendOrDrop)),
                    Trap.inTest("io.statehouse.node.WatchTest", "aSlowReaderGetsEveryCommitOnceAndInOrder")),
            new Mutation(
                    "M14",
                    "the client repeats a commit under a new transaction id",
                    List.of(Change.of("io.statehouse.client.Call", "request", EdgeMutations::underANewId)),
                    Trap.inTest(
                            "io.statehouse.client.FailoverTest",
                            "aCommitWhoseLeaderDiesBeforeAnsweringIsAppliedOnceAndAnsweredByAnother")));

    private static @Nullable Object sendOrDrop(@Nullable Object self, @Nullable Object[] arguments, Original original)
            throws Throwable {
        var observer = (ServerCallStreamObserver<?>) requireNonNull(Private.get(requireNonNull(self), "observer"));
        if (observer.isReady()) {
            Object unused = original.call(arguments);
        }
        return true;
    }

    private static @Nullable Object underANewId(@Nullable Object self, @Nullable Object[] arguments, Original original)
            throws Throwable {
        Object request = original.call(arguments);
        boolean isFirst = SENT.put(requireNonNull(self), true) == null;
        return !isFirst && request instanceof CommitRequest commit
                ? commit.toBuilder().setTxnId(UUID.randomUUID().toString()).build()
                : request;
    }
}
