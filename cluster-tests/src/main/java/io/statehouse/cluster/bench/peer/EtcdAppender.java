package io.statehouse.cluster.bench.peer;

import io.statehouse.cluster.bench.load.Caller;
import io.statehouse.cluster.bench.wire.EtcdWire;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** Appends to a session whose last number is a key of etcd: counts it up if nobody else has, and tries again where one has. */
final class EtcdAppender implements Caller {
    private final String session;
    private final UnaryOperator<byte[]> transaction;
    private final List<byte[]> values = Things.valueBytes();
    private final SplittableRandom random;
    private long last;

    /** @param transaction asks etcd */
    EtcdAppender(String session, SplittableRandom random, UnaryOperator<byte[]> transaction) {
        this.session = session;
        this.random = random;
        this.transaction = transaction;
    }

    @Override
    public long call() {
        byte[] value = values.get(Things.randomOf(random, values));
        boolean isAppended = false;
        while (!isAppended) {
            String event = session + "events/" + (last + 1);
            byte[] answer = transaction.apply(EtcdWire.append(session + "last", last, event, value));
            isAppended = EtcdWire.hasSucceeded(answer);
            last = isAppended ? last + 1 : EtcdWire.versionFound(answer);
        }
        return 1;
    }
}
