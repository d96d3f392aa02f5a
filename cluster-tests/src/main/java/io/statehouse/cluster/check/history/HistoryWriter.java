package io.statehouse.cluster.check.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a history as it happens, one line a fact, so that a killed harness leaves everything it knew.
 *
 * <p>A call is written before it is sent: what was underway when the harness died is an unknown outcome, not a forgotten one.
 * Every line is with the operating system when its method returns. Times are taken on entry of {@link #called} and of
 * {@link #returned}, so a window is never narrower than the truth. Any thread may write.
 */
public final class HistoryWriter implements AutoCloseable {
    private final FileChannel file;
    private final LongSupplier nanos;

    /** Guarded by this, like the file: lines must not mix. */
    private long ids;

    private HistoryWriter(FileChannel file, LongSupplier nanos) {
        this.file = file;
        this.nanos = nanos;
    }

    /** Opens a new file; one that exists is refused, for it is evidence. */
    public static HistoryWriter create(Path path, LongSupplier nanos) throws IOException {
        return new HistoryWriter(
                FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), nanos);
    }

    /** Notes a call that is about to be sent, and names it. */
    public long called(int process, Load load, Request request) {
        long at = nanos.getAsLong();
        synchronized (this) {
            long id = ++ids;
            write(new HistoryLine.Called(id, process, load, at, request));
            return id;
        }
    }

    /** Notes how a call ended. */
    public void returned(long id, Outcome outcome, Endpoint endpoint, @Nullable Response response) {
        long at = nanos.getAsLong();
        write(new HistoryLine.Returned(id, at, outcome, endpoint, response));
    }

    /** The time on the history's clock. */
    public long nanos() {
        return nanos.getAsLong();
    }

    /** A number for a new watch stream, or for whatever else needs one of its own in this history. */
    public synchronized long nextId() {
        return ++ids;
    }

    /** Notes anything else. */
    public synchronized void write(HistoryLine line) {
        byte[] text = LineCodec.encode(line);
        ByteBuffer bytes = ByteBuffer.allocate(text.length + 1);
        bytes.put(text).put((byte) '\n').flip();
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the history; what follows would prove nothing", e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
