package io.statehouse.raft;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;

/** The frames of a call that is given up when the next one does not come in time; the taker then gets an exception. */
final class PatientFrames implements Iterator<byte[]> {
    private final Iterator<byte[]> frames;
    private final ClientCall<byte[], byte[]> call;
    private final Duration stallMax;

    PatientFrames(Iterator<byte[]> frames, ClientCall<byte[], byte[]> call, Duration stallMax) {
        this.frames = frames;
        this.call = call;
        this.stallMax = stallMax;
    }

    @Override
    public boolean hasNext() {
        var arrival = new CompletableFuture<Void>();
        var unused = arrival.orTimeout(stallMax.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> {
                    call.cancel("nothing came for " + stallMax.toMillis() + " ms", late);
                    return null;
                });
        try {
            return frames.hasNext();
        } finally {
            arrival.complete(null);
        }
    }

    @Override
    public byte[] next() {
        return frames.next();
    }
}
