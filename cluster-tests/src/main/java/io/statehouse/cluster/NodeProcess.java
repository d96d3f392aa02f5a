package io.statehouse.cluster;

import io.statehouse.client.Access;
import io.statehouse.raft.tls.LiveCertificates;
import io.statehouse.raft.tls.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/** One {@code statehoused} process with its ports, its data directory and its log. */
public final class NodeProcess {
    /** The exit status of a process that a JVM ends in good order after SIGTERM. */
    public static final int STOPPED_BY_REQUEST = 128 + 15;

    private static final int HTTP_TIMEOUT_MILLIS = 2_000;
    private static final Duration DEATH_MAX = Duration.ofSeconds(10);
    private static final Duration LISTENING_MAX = Duration.ofSeconds(90);
    private static final Duration STOP_MAX = Duration.ofSeconds(40);

    private final Distribution distribution;
    private final Seat seat;
    private final Map<String, String> environment;
    private @Nullable Process process;

    NodeProcess(Distribution distribution, Seat seat, Map<String, String> environment) {
        this.distribution = distribution;
        this.seat = seat;
        this.environment = Map.copyOf(environment);
    }

    /**
     * What a node keeps over its processes: its name, its addresses and where its data lies.
     *
     * @param api where clients and members are told to reach it; not always where it listens
     * @param log what its processes printed
     * @param members all members, as the node is told them
     * @param commandPrefix what to put before its command
     */
    public record Seat(
            String id,
            Listening listening,
            String api,
            Path dataDirectory,
            Path log,
            String members,
            List<String> commandPrefix) {
        /** Copies the list. */
        public Seat {
            commandPrefix = List.copyOf(commandPrefix);
        }
    }

    /** The host and the ports a node listens on. */
    public record Listening(String host, int apiPort, int raftPort, int httpPort) {
        String api() {
            return host + ":" + apiPort;
        }

        String raft() {
            return host + ":" + raftPort;
        }

        String http() {
            return host + ":" + httpPort;
        }
    }

    /** A node of another name beside it on free ports, which is told its members and itself. It does not run yet; the caller ends it. */
    public NodeProcess newcomer(String id) {
        int port = Ports.freeRun(3);
        var listening = new Listening(seat.listening().host(), port, port + 1, port + 2);
        var other = new Seat(
                id,
                listening,
                listening.api(),
                seat.dataDirectory().resolveSibling(id),
                seat.log().resolveSibling(id + ".log"),
                seat.members() + "," + id + "=" + listening.raft() + "/" + listening.api(),
                seat.commandPrefix());
        return new NodeProcess(distribution, other, environment);
    }

    /** Its name. */
    public String id() {
        return seat.id();
    }

    /** Where clients reach it, {@code host:port}. */
    public String api() {
        return seat.api();
    }

    /** Where its API listens, with nothing in between. */
    public String directApi() {
        return seat.listening().api();
    }

    /** The port of its API. */
    public int apiPort() {
        return seat.listening().apiPort();
    }

    /** Where members reach it, {@code host:port}. */
    public String raftAddress() {
        return seat.listening().raft();
    }

    /** The port where members talk to each other. */
    public int raftPort() {
        return seat.listening().raftPort();
    }

    /** The port of health and metrics. */
    public int httpPort() {
        return seat.listening().httpPort();
    }

    /** The id of its process, for tools that act on processes. */
    public long pid() {
        return running().pid();
    }

    /** Where its data lies. */
    public Path dataDirectory() {
        return seat.dataDirectory();
    }

    /** What its processes printed. */
    public Path log() {
        return seat.log();
    }

    /** Starts it. An empty data directory may become a member of a new cluster only when {@code mayInitialize}. */
    public void start(boolean mayInitialize) {
        startWith(mayInitialize ? List.of("--init") : List.of());
    }

    /** Starts it with an empty data directory, to be let into the running cluster. */
    public void startJoining() {
        startWith(List.of("--join"));
    }

    /** Waits until its API listens: who lets it in asks it first, and takes no answer for a refusal. */
    public void awaitListening() {
        Await.until(this + " listens; see " + log(), LISTENING_MAX, this::isListening);
    }

    private boolean isListening() {
        try (var socket = new Socket(seat.listening().host(), apiPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private synchronized void startWith(List<String> more) {
        if (isAlive()) {
            throw new IllegalStateException(seat.id() + " runs already");
        }
        var flags = new ArrayList<>(List.of(
                "--node-id", seat.id(),
                "--data-dir", seat.dataDirectory().toString(),
                "--addr", seat.listening().api(),
                "--raft-addr", seat.listening().raft(),
                "--http-addr", seat.listening().http(),
                "--members", seat.members()));
        flags.addAll(more);
        var builder = distribution.command("statehoused", flags.toArray(String[]::new));
        builder.command().addAll(0, seat.commandPrefix());
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        try {
            Files.createDirectories(seat.dataDirectory());
            var started = builder.start();
            started.getOutputStream().close();
            Reaper.register(started.pid(), "--data-dir " + seat.dataDirectory());
            process = started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether its process runs. */
    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Its exit status; null while it runs, or when it never ran. */
    public synchronized @Nullable Integer exitStatus() {
        return process == null || process.isAlive() ? null : process.exitValue();
    }

    /** Ends it as a crash would, and waits until it is gone. */
    public void kill() {
        signal("KILL");
        awaitExit(DEATH_MAX);
    }

    /** Asks it to stop, and returns its exit status. */
    public int terminate() {
        signal("TERM");
        return awaitExit(STOP_MAX);
    }

    /** Freezes it: to the others it looks dead, and it does not know. */
    public void pause() {
        signal("STOP");
    }

    /** Lets a frozen process go on. */
    public void resume() {
        signal("CONT");
    }

    /** Waits until it ends by itself, and returns its exit status. */
    public int awaitExit(Duration atMost) {
        var running = running();
        try {
            if (!running.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(seat.id() + " still runs after " + atMost.toMillis() + " ms; see " + log());
            }
            return running.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + seat.id() + " was ending", e);
        }
    }

    private synchronized Process running() {
        if (process == null) {
            throw new IllegalStateException(seat.id() + " was never started");
        }
        return process;
    }

    private void signal(String name) {
        long pid = running().pid();
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0 && isAlive()) {
                throw new IllegalStateException("kill -" + name + " " + pid + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while signalling " + seat.id(), e);
        }
    }

    /** Deletes its data. */
    public void wipe() {
        if (isAlive()) {
            throw new IllegalStateException(seat.id() + " runs; its data cannot be deleted");
        }
        try (Stream<Path> files = Files.walk(seat.dataDirectory())) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it says that it can serve. */
    public boolean isReady() {
        return isAlive() && httpStatus("/readyz") == HttpURLConnection.HTTP_OK;
    }

    /** The status of a GET on its HTTP port, by TLS where the node has it; 0 if nobody answers. */
    public int httpStatus(String path) {
        try {
            String scheme = isEncrypted() ? "https://" : "http://";
            var connection = (HttpURLConnection)
                    URI.create(scheme + seat.listening().http() + path).toURL().openConnection();
            if (connection instanceof HttpsURLConnection encrypted) {
                encrypted.setSSLSocketFactory(ownCertificates().context().getSocketFactory());
            }
            connection.setConnectTimeout(HTTP_TIMEOUT_MILLIS);
            connection.setReadTimeout(HTTP_TIMEOUT_MILLIS);
            try {
                return connection.getResponseCode();
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return 0;
        }
    }

    private boolean isEncrypted() {
        return environment.containsKey("STATEHOUSE_TLS_CERT");
    }

    /** Its own certificate is one that it believes. */
    private LiveCertificates ownCertificates() {
        return LiveCertificates.of(new TlsFiles(
                Path.of(environment.getOrDefault("STATEHOUSE_TLS_CERT", "")),
                Path.of(environment.getOrDefault("STATEHOUSE_TLS_KEY", "")),
                Path.of(environment.getOrDefault("STATEHOUSE_TLS_CA", ""))));
    }

    /** How clients reach it, who show its own certificate. */
    Access access() {
        return Access.fromEnvironment(environment);
    }

    @Override
    public String toString() {
        return seat.id();
    }
}
