package io.statehouse.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Certificates of one authority, made by {@code scripts/certs}. */
public final class Certificates {
    private static final long MAKING_SECONDS_MAX = 60;

    private final Path directory;

    private Certificates(Path directory) {
        this.directory = directory;
    }

    /** In a directory, with an authority of its own unless there is one already. */
    public static Certificates in(Path directory) {
        return new Certificates(directory);
    }

    /** Makes the certificate of a node on this machine, or replaces it. */
    public Certificates node(String id) {
        return make("node", id);
    }

    /** Makes the certificate of a node that is reached at these hosts only. */
    public Certificates node(String id, String... hosts) {
        var words = new ArrayList<>(List.of("node", id));
        Collections.addAll(words, hosts);
        return make(words.toArray(String[]::new));
    }

    /** Makes the certificate of a caller, or replaces it. */
    public Certificates client(String name) {
        return make("client", name);
    }

    private Certificates make(String... words) {
        var command = new ArrayList<>(
                List.of(ProjectRoot.find().resolve("scripts/certs").toString(), "--dir", directory.toString()));
        Collections.addAll(command, words);
        try {
            var log = Files.createDirectories(directory).resolve("certs.log");
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(MAKING_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("scripts/certs failed: " + Files.readString(log));
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while certificates were made", e);
        }
    }

    /** The authority's certificate. */
    public Path authority() {
        return directory.resolve("ca.pem");
    }

    /** A certificate that was made. */
    public Path certificate(String name) {
        return directory.resolve(name + ".pem");
    }

    /** Its key. */
    public Path key(String name) {
        return directory.resolve(name + "-key.pem");
    }

    /** The settings by which a node, or a client, shows a certificate on the API and HTTP. */
    public Map<String, String> api(String name) {
        return settings("STATEHOUSE_TLS_", name);
    }

    /** The settings by which a node shows a certificate to other members. */
    public Map<String, String> raft(String name) {
        return settings("STATEHOUSE_RAFT_TLS_", name);
    }

    private Map<String, String> settings(String prefix, String name) {
        return Map.of(
                prefix + "CERT", certificate(name).toString(),
                prefix + "KEY", key(name).toString(),
                prefix + "CA", authority().toString());
    }
}
