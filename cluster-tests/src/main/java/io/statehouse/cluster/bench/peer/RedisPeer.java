package io.statehouse.cluster.bench.peer;

import io.statehouse.cluster.Await;
import io.statehouse.cluster.Ports;
import io.statehouse.cluster.bench.load.Caller;
import io.statehouse.cluster.bench.load.ClosedLoop;
import io.statehouse.cluster.bench.load.Drill;
import io.statehouse.cluster.bench.load.FanOut;
import io.statehouse.cluster.bench.load.Sample;
import io.statehouse.cluster.bench.wire.RespWire;
import io.statehouse.cluster.fault.Shell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Redis: a hash for the state of an agent and a stream for its events, both changed by one MULTI. */
final class RedisPeer implements Peer {
    private static final Duration READY_MAX = Duration.ofSeconds(30);
    private static final int MULTI_ANSWERS = 4;
    private static final String SESSION = "session:events";
    // Of the id of an entry: milliseconds since 1970, and a number.
    private static final int ID_BYTES_MIN = 15;

    private final ServerProcess process;
    private final int port;
    private final List<byte[]> values = Things.valueBytes();
    private final AtomicInteger runs = new AtomicInteger();

    private RedisPeer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    static RedisPeer start(Site site) {
        int port = Ports.freeRun(1);
        Path data = site.directory().resolve("redis");
        var process = new ServerProcess(
                data,
                List.of(
                        program(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        data.toString(),
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "always",
                        // Copying the store in the background would be work that no other system does meanwhile.
                        "--save",
                        "",
                        "--auto-aof-rewrite-percentage",
                        "0",
                        "--set-proc-title",
                        "no"));
        process.start();
        var peer = new RedisPeer(process, port);
        try {
            Await.until("redis serves; see " + process.log(), READY_MAX, () -> {
                process.requireAlive();
                return peer.isReady();
            });
            return peer;
        } catch (RuntimeException | Error e) {
            peer.close();
            throw e;
        }
    }

    private static String program() {
        return Contender.REDIS.programs().getFirst().require().toString();
    }

    private boolean isReady() {
        try (var connection = new RedisConnection(port)) {
            connection.ask(RespWire.command("PING"), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String version() {
        String text = Shell.run(program(), "--version");
        int version = text.indexOf("v=");
        return "Redis "
                + (version < 0 ? text.strip() : text.substring(version + 2).split(" ", 2)[0]);
    }

    @Override
    public void fill() {
        try (var connection = new RedisConnection(port)) {
            for (int i = 0; i < Things.EVENTS; i++) {
                connection.ask(
                        event(Things.HISTORIAN, Things.historyKey(i), values.get(i % values.size())), MULTI_ANSWERS);
            }
            for (int i = 0; i < Things.AGENTS * Things.KEYS_PER_AGENT; i++) {
                String agent = Things.agent(i / Things.KEYS_PER_AGENT);
                String key = Things.key(i % Things.KEYS_PER_AGENT);
                connection.ask(event(agent, key, values.get(i % values.size())), MULTI_ANSWERS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] event(String agent, String key, byte[] value) {
        var commands = new ByteArrayOutputStream();
        commands.writeBytes(RespWire.command("MULTI"));
        commands.writeBytes(RespWire.command("HSET", agent, key, value));
        commands.writeBytes(RespWire.command("XADD", agent + ":events", "*", "key", key, "value", value));
        commands.writeBytes(RespWire.command("EXEC"));
        return commands.toByteArray();
    }

    @Override
    public boolean can(Workload workload, int callers) {
        return workload != Workload.TRANSACTION;
    }

    @Override
    public Sample measure(Workload workload, Drill drill) {
        int run = runs.incrementAndGet();
        return workload == Workload.WATCH
                ? watch(drill, "watched-" + run)
                : ClosedLoop.run(
                        drill,
                        number -> new Client(new SplittableRandom(((long) run << Integer.SIZE) | number), workload));
    }

    private Sample watch(Drill drill, String stream) {
        try (var writer = new RedisConnection(port)) {
            return FanOut.run(drill, new RedisWatched(port, writer, stream));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A caller with a connection of its own, as Redis wants it. */
    private final class Client implements Caller {
        private final RedisConnection connection = new RedisConnection(port);
        private final SplittableRandom random;
        private final Workload workload;

        Client(SplittableRandom random, Workload workload) throws IOException {
            this.random = random;
            this.workload = workload;
        }

        @Override
        public long call() throws IOException {
            String agent = Things.agent(random.nextInt(Things.AGENTS));
            String key = Things.key(random.nextInt(Things.KEYS_PER_AGENT));
            return switch (workload) {
                case HISTORY ->
                    requireAll(connection.ask(RespWire.command("XRANGE", Things.HISTORIAN + ":events", "-", "+"), 1));
                case GET -> requireFound(connection.ask(RespWire.command("HGET", agent, key), 1), Things.VALUE_BYTES);
                case COMMIT ->
                    requireBoth(connection.ask(
                            event(agent, key, values.get(Things.randomOf(random, values))), MULTI_ANSWERS));
                case SESSION ->
                    requireFound(
                            connection.ask(
                                    RespWire.command(
                                            "XADD", SESSION, "*", "event", values.get(Things.randomOf(random, values))),
                                    1),
                            ID_BYTES_MIN);
                case TRANSACTION, WATCH -> throw new IllegalStateException("not asked of a caller of Redis");
            };
        }

        private static long requireAll(long events) {
            return require(events == Things.EVENTS, events, "events");
        }

        private static long requireFound(long bytes, int bytesMin) {
            require(bytes >= bytesMin, bytes, "bytes");
            return 1;
        }

        private static long requireBoth(long changes) {
            require(changes == 2, changes, "changes");
            return 1;
        }

        private static long require(boolean holds, long found, String what) {
            if (!holds) {
                throw new IllegalStateException("redis answered " + found + " " + what);
            }
            return found;
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    @Override
    public void close() {
        process.kill();
    }
}
