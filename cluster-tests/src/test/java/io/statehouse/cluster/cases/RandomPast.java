package io.statehouse.cluster.cases;

import com.google.protobuf.ByteString;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.statehouse.client.StateKey;
import io.statehouse.cluster.NodeProcess;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.CommitResponse;
import io.statehouse.proto.v1.DeleteKey;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.Transaction;
import io.statehouse.proto.v1.TransactionOperation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** A past by chance: puts, puts that expire, and deletes over several agents and keys, many of them under way at once. */
final class RandomPast {
    static final String NAMESPACE = "default";

    private static final int AGENTS = 5;
    private static final int KEYS = 30;
    private static final int OPERATIONS_MAX = 4;
    private static final int TEXT_MAX = 64;
    private static final int IN_FLIGHT_MAX = 32;
    private static final int DELETES_OF_TEN = 2;
    private static final int EXPIRING_OF_TEN = 3;
    // Now and then so many expire at once that their events take the turns of several commands.
    private static final int COMMITS_PER_CROWD = 400;
    private static final int CROWD = 250;
    private static final int CROWD_TTL_MILLIS = 150;
    private static final String CROWD_AGENT = "crowd";
    // From long before the last of these commits to long after it.
    private static final int TTL_MILLIS_MAX = 6_000;

    private RandomPast() {}

    /** Commits so often through one node, and returns the last commit_ts. */
    static long write(NodeProcess node, int commits, RandomGenerator random)
            throws ExecutionException, InterruptedException {
        var channel = Grpc.newChannelBuilder(node.api(), InsecureChannelCredentials.create())
                .build();
        var stub = StatehouseServiceGrpc.newFutureStub(channel);
        Queue<Future<CommitResponse>> underWay = new ArrayDeque<>();
        long last = 0;
        try {
            for (int i = 0; i < commits; i++) {
                underWay.add(stub.commit(commit(i, random)));
                if (underWay.size() == IN_FLIGHT_MAX) {
                    last = Math.max(last, underWay.remove().get().getCommitTs());
                }
            }
            for (var answer : underWay) {
                last = Math.max(last, answer.get().getCommitTs());
            }
            return last;
        } finally {
            channel.shutdownNow();
        }
    }

    /** Every key it may write, and some that it never does. */
    static List<StateKey> keys() {
        List<StateKey> keys = new ArrayList<>();
        for (int agent = 0; agent < AGENTS; agent++) {
            for (int key = 0; key <= KEYS; key++) {
                keys.add(new StateKey(NAMESPACE, "agent-" + agent, "key-" + key));
            }
        }
        for (int key = 0; key < CROWD; key++) {
            keys.add(new StateKey(NAMESPACE, CROWD_AGENT, "key-" + key));
        }
        return keys;
    }

    private static CommitRequest commit(int number, RandomGenerator random) {
        var transaction = Transaction.newBuilder();
        if (number % COMMITS_PER_CROWD == 0) {
            IntStream.range(0, CROWD)
                    .mapToObj(key -> put(CROWD_AGENT, "key-" + key, number, "").setTtlMs(CROWD_TTL_MILLIS))
                    .forEach(transaction::addOperations);
        } else {
            String agent = "agent-" + random.nextInt(AGENTS);
            int operations = 1 + random.nextInt(OPERATIONS_MAX);
            IntStream.range(0, operations)
                    .mapToObj(i -> operation(agent, number, random))
                    .forEach(transaction::addOperations);
        }
        return CommitRequest.newBuilder()
                // No UUID: one in ten thousand random ones says that it was made long ago, and would be refused.
                .setTxnId("past-" + Long.toHexString(random.nextLong()) + "-" + number)
                .setTransaction(transaction)
                .build();
    }

    private static TransactionOperation.Builder operation(String agent, int number, RandomGenerator random) {
        var put = put(agent, "key-" + random.nextInt(KEYS), number, "x".repeat(random.nextInt(TEXT_MAX)));
        int dice = random.nextInt(10);
        if (dice < DELETES_OF_TEN) {
            return put.clearJson().setDelete(DeleteKey.getDefaultInstance());
        }
        return dice < DELETES_OF_TEN + EXPIRING_OF_TEN ? put.setTtlMs(1 + random.nextInt(TTL_MILLIS_MAX)) : put;
    }

    private static TransactionOperation.Builder put(String agent, String key, int number, String text) {
        return TransactionOperation.newBuilder()
                .setNamespace(NAMESPACE)
                .setAgentId(agent)
                .setKey(key)
                .setJson(ByteString.copyFromUtf8("{\"commit\":" + number + ",\"text\":\"" + text + "\"}"));
    }
}
