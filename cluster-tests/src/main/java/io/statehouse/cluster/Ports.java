package io.statehouse.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Finds ports that nobody listens on, below the range that the system gives to outgoing connections. */
public final class Ports {
    private static final int FIRST = 16_000;
    private static final int LAST = 32_000;
    private static final int TRIES_MAX = 10_000;

    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {}

    /** So many free ports in a row that no earlier caller of this process got; returns the first. */
    public static synchronized int freeRun(int count) {
        var random = RandomGenerator.getDefault();
        for (int tried = 0; tried < TRIES_MAX; tried++) {
            int first = random.nextInt(FIRST, LAST - count);
            if (isFree(first, count)) {
                for (int port = first; port < first + count; port++) {
                    GIVEN.add(port);
                }
                return first;
            }
        }
        throw new IllegalStateException("no " + count + " free ports in a row");
    }

    private static boolean isFree(int first, int count) {
        var held = new ArrayList<ServerSocket>();
        try {
            for (int port = first; port < first + count; port++) {
                if (GIVEN.contains(port)) {
                    return false;
                }
                held.add(listen(port));
            }
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            close(held);
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        var socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void close(List<ServerSocket> sockets) {
        try {
            for (var socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
