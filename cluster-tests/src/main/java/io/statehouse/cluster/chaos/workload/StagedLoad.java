package io.statehouse.cluster.chaos.workload;

import com.google.protobuf.ByteString;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.statehouse.cluster.check.history.Endpoint;
import io.statehouse.cluster.check.history.Load;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.proto.v1.AbortRequest;
import io.statehouse.proto.v1.BeginTransactionRequest;
import io.statehouse.proto.v1.CommitRequest;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import io.statehouse.proto.v1.WriteRequest;
import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.TxnId;
import io.statehouse.statemachine.command.Operation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * W10: transactions staged verb by verb on any node, then committed, through others too and more than once, or aborted.
 *
 * <p>Called through the bare stub of the published contract: this is how its clients work, without our failover.
 */
public final class StagedLoad implements Workload {
    private static final Duration CALL_MAX = Duration.ofMillis(600);
    private static final int WRITES_MAX = 3;
    private static final int ABORT_PERCENT = 20;
    private static final int TRIES_MAX = 3;
    private static final int KEYS = 8;
    private static final Agent AGENT = Words.agent("staged");

    private final AtomicLong values = new AtomicLong();

    @Override
    public Load load() {
        return Load.STAGED;
    }

    @Override
    public List<String> checkers() {
        return List.of("staged");
    }

    @Override
    public int processes() {
        return 1;
    }

    @Override
    public Actor hire(Desk desk) {
        return new Stager(desk);
    }

    private final class Stager implements Actor {
        private final Desk desk;
        private final List<ManagedChannel> channels;

        Stager(Desk desk) {
            this.desk = desk;
            this.channels = desk.addresses().stream()
                    .map(address -> Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
                            .build())
                    .toList();
        }

        @Override
        public void act() {
            Response begun = record(new Request.Begin(), () -> {
                var request = BeginTransactionRequest.getDefaultInstance();
                return new Response.Begun(
                        new TxnId(stub().beginTransaction(request).getTxnId()));
            });
            if (!(begun instanceof Response.Begun transaction)) {
                return;
            }
            int writes = 1 + desk.random().nextInt(WRITES_MAX);
            int staged = 0;
            for (int write = 0; write < writes; write++) {
                staged += stage(transaction.txnId()) ? 1 : 0;
            }
            // A commit of nothing is a commit that belongs to no namespace: no journal of one shows it.
            if (staged == 0 || desk.chance(ABORT_PERCENT)) {
                abort(transaction.txnId());
            } else {
                commit(transaction.txnId());
            }
        }

        /** Whether it is certainly staged. */
        private boolean stage(TxnId id) {
            Key key = AGENT.key("key-" + desk.random().nextInt(KEYS));
            String json = Long.toString(values.incrementAndGet());
            Operation put = new Operation.Put(key, Words.json(json));
            Response response = record(new Request.Stage(id, put), () -> {
                var unusedAnswer = stub().write(WriteRequest.newBuilder()
                        .setTxnId(id.value())
                        .setNamespace(key.agent().namespace())
                        .setAgentId(key.agent().id())
                        .setKey(key.name())
                        .setJson(ByteString.copyFromUtf8(json))
                        .build());
                return new Response.Done();
            });
            return response instanceof Response.Done;
        }

        private void commit(TxnId id) {
            for (int attempt = 0; attempt < TRIES_MAX; attempt++) {
                Response answer = record(new Request.CommitStaged(id), () -> {
                    var done = stub().commit(CommitRequest.newBuilder()
                            .setTxnId(id.value())
                            .build());
                    return new Response.Committed(
                            new CommitTs(done.getCommitTs()), done.getVersionsList(), done.getReplayed());
                });
                if (answer != null) {
                    return;
                }
            }
        }

        private void abort(TxnId id) {
            var unused = record(new Request.Abort(id), () -> {
                var unusedAnswer = stub().abort(
                                AbortRequest.newBuilder().setTxnId(id.value()).build());
                return new Response.Done();
            });
        }

        private @Nullable Response record(Request request, Supplier<Response> call) {
            return desk.recorder().record(request, () -> Endpoint.UNKNOWN, call);
        }

        private StatehouseServiceGrpc.StatehouseServiceBlockingStub stub() {
            var channel = channels.get(desk.random().nextInt(channels.size()));
            return StatehouseServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CALL_MAX.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void finish(CommitTs last) {
            channels.forEach(ManagedChannel::shutdownNow);
        }
    }
}
