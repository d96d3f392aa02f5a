package io.statehouse.cluster.fault;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Stands between two processes and makes their TCP connections slow, silent or broken.
 *
 * <p>Each direction of each connection has a thread that reads, waits as the present {@link Weather} says, and writes. A
 * change of weather takes effect at once, also for bytes that are waiting.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int CHUNK_BYTES = 64 << 10;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final RandomGenerator random;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong heldNanos = new AtomicLong();
    private final AtomicLong withheld = new AtomicLong();
    private final AtomicLong connected = new AtomicLong();
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

    /** Guards weather: a pump that waits for better weather is woken when it changes. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private Weather weather = Weather.FAIR;

    /**
     * What happens to bytes that pass.
     *
     * @param delay how long each chunk waits
     * @param jitter at most so much longer, by chance
     * @param chunkBytesMax how much is passed on at once; 1 with a delay is a slow drip
     * @param isForwardSilent nothing passes from the caller to the target; connections stay open
     * @param isBackwardSilent nothing passes from the target to the caller: answers of calls that were carried out are lost
     */
    public record Weather(
            Duration delay, Duration jitter, int chunkBytesMax, boolean isForwardSilent, boolean isBackwardSilent) {
        public static final Weather FAIR = new Weather(Duration.ZERO, Duration.ZERO, CHUNK_BYTES, false, false);

        public static Weather delayed(Duration delay, Duration jitter) {
            return new Weather(delay, jitter, CHUNK_BYTES, false, false);
        }

        /** Connections open and nothing ever comes. */
        public static Weather silent() {
            return new Weather(Duration.ZERO, Duration.ZERO, CHUNK_BYTES, true, true);
        }

        /** Requests arrive, answers do not. */
        public static Weather deafCaller() {
            return new Weather(Duration.ZERO, Duration.ZERO, CHUNK_BYTES, false, true);
        }
    }

    private TcpProxy(ServerSocket listener, InetSocketAddress target, RandomGenerator random) {
        this.listener = listener;
        this.target = target;
        this.random = random;
    }

    /** Listens on a free loopback port and passes on to the target. */
    public static TcpProxy to(InetSocketAddress target, RandomGenerator random) {
        return on(InetAddress.getLoopbackAddress().getHostAddress(), target, random);
    }

    /** The same on a free port of another address of this machine. */
    public static TcpProxy on(String host, InetSocketAddress target, RandomGenerator random) {
        try {
            var listener = new ServerSocket(0, 0, InetAddress.getByName(host));
            var proxy = new TcpProxy(listener, target, random);
            proxy.threads.execute(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen", e);
        }
    }

    /** Where callers connect to instead of the target. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Changes what happens from now on. */
    public void setWeather(Weather next) {
        lock.lock();
        try {
            weather = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How often bytes were passed on; grows with every read of a connection. */
    public long passed() {
        return passed.get();
    }

    /** How long the bytes that were passed on had to wait, all together. */
    public Duration held() {
        return Duration.ofNanos(heldNanos.get());
    }

    /** How often bytes came to a direction in which nothing passed. */
    public long withheld() {
        return withheld.get();
    }

    /** How many connections were opened through it. */
    public long connected() {
        return connected.get();
    }

    /** Breaks every open connection with a reset; new ones are accepted. Returns how many ends there were. */
    public int resetConnections() {
        int broken = 0;
        for (Closeable connection : open) {
            close(connection);
            broken++;
        }
        return broken;
    }

    @Override
    public void close() {
        close(listener);
        setWeather(Weather.FAIR);
        var unused = resetConnections();
        threads.shutdownNow();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket caller = listener.accept();
                threads.execute(() -> connect(caller));
            } catch (IOException e) {
                // The listener was closed, or a caller was gone before it was accepted; the loop's condition tells.
            }
        }
    }

    private void connect(Socket caller) {
        Socket server = new Socket();
        try {
            server.connect(target, (int) CONNECT_TIMEOUT.toMillis());
            resetOnClose(caller);
            resetOnClose(server);
        } catch (IOException e) {
            close(caller);
            close(server);
            return;
        }
        connected.incrementAndGet();
        threads.execute(() -> pump(caller, server, true));
        threads.execute(() -> pump(server, caller, false));
    }

    private void resetOnClose(Socket socket) throws SocketException {
        socket.setTcpNoDelay(true);
        socket.setSoLinger(true, 0);
        open.add(socket);
    }

    private void pump(Socket from, Socket to, boolean isForward) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            for (int read = from.getInputStream().read(chunk);
                    read >= 0;
                    read = from.getInputStream().read(chunk)) {
                for (int sent = 0; sent < read; ) {
                    int size = Math.min(read - sent, awaitPassage(isForward));
                    to.getOutputStream().write(chunk, sent, size);
                    passed.incrementAndGet();
                    sent += size;
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // One side is gone; the other learns it below.
            close(from);
            close(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.removeIf(socket -> socket instanceof Socket known && known.isClosed());
        }
    }

    /** Waits until bytes may pass in a direction and says how many. */
    private int awaitPassage(boolean isForward) throws InterruptedException {
        lock.lock();
        try {
            long waitedNanos = 0;
            long startNanos = System.nanoTime();
            long jitterShare = random.nextLong(0, 1_000);
            boolean isWithheld = false;
            while (true) {
                boolean isSilent = isForward ? weather.isForwardSilent() : weather.isBackwardSilent();
                long dueNanos = weather.delay().toNanos() + weather.jitter().toNanos() / 1_000 * jitterShare;
                if (isSilent) {
                    withheld.addAndGet(isWithheld ? 0 : 1);
                    isWithheld = true;
                    changed.await();
                } else if (waitedNanos < dueNanos) {
                    changed.awaitNanos(dueNanos - waitedNanos);
                } else {
                    heldNanos.addAndGet(waitedNanos);
                    return weather.chunkBytesMax();
                }
                waitedNanos = System.nanoTime() - startNanos;
            }
        } finally {
            lock.unlock();
        }
    }

    private void close(Closeable connection) {
        open.remove(connection);
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + connection, e);
        }
    }
}
