package io.statehouse.cluster.bench.peer;

import io.statehouse.cluster.bench.wire.RespWire;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;

/** A connection to Redis. */
final class RedisConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final Socket socket;
    private final InputStream in;

    RedisConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    }

    /** Sends commands at once and returns the last of so many answers. */
    long ask(byte[] commands, int answers) throws IOException {
        socket.getOutputStream().write(commands);
        long last = 0;
        for (int i = 0; i < answers; i++) {
            last = RespWire.answer(in);
        }
        return last;
    }

    /** Sends a command and returns all strings of its answer. */
    List<String> strings(byte[] command) throws IOException {
        socket.getOutputStream().write(command);
        return RespWire.strings(in);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
