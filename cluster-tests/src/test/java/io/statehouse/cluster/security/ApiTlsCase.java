package io.statehouse.cluster.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.statehouse.client.Access;
import io.statehouse.client.ClientOptions;
import io.statehouse.client.Json;
import io.statehouse.client.StatehouseClient;
import io.statehouse.client.StatehouseException;
import io.statehouse.client.Tls;
import io.statehouse.cluster.Await;
import io.statehouse.cluster.Certificates;
import io.statehouse.cluster.SingleNode;
import io.statehouse.raft.tls.LiveCertificates;
import io.statehouse.raft.tls.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that has a certificate and asks its callers for one: the API and HTTP. */
class ApiTlsCase {
    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final Duration ROTATION_MAX = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private static Certificates ours;
    private static Certificates theirs;
    private static SingleNode node;

    @BeforeAll
    static void start() {
        ours = Certificates.in(directory.resolve("ours")).node("n1").client("ada");
        theirs = Certificates.in(directory.resolve("theirs")).node("n1").client("ada");
        Map<String, String> settings = new HashMap<>(ours.api("n1"));
        settings.put("STATEHOUSE_TLS_CLIENT_AUTH", "true");
        node = SingleNode.in(directory.resolve("node"), settings).found();
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    private static StatehouseClient client(Access access) {
        return StatehouseClient.connect(ClientOptions.of(node.node().api())
                .access(access)
                .callTimeout(SHORT)
                .tryTimeout(SHORT));
    }

    private static Access access(Certificates trusted, Certificates shown) {
        return Access.of(new Tls(trusted.authority(), shown.certificate("ada"), shown.key("ada")));
    }

    private static void refused(Access access) {
        try (var client = client(access)) {
            assertThatExceptionOfType(StatehouseException.class).isThrownBy(() -> client.get("ada", "plan"));
        }
    }

    @Test
    void aCallerWithACertificateWritesAndReads() {
        try (var client = client(access(ours, ours))) {
            client.put("ada", "plan", Json.of("secret"));

            assertThat(client.get("ada", "plan")).isNotNull();
        }
    }

    @Test
    void aCallerWithoutTlsIsNotServed() {
        refused(Access.OPEN);
    }

    @Test
    void aCallerWithoutACertificateIsNotServed() {
        refused(Access.of(Tls.of(ours.authority())));
    }

    @Test
    void aCallerWhomAnotherAuthorityVouchesForIsNotServed() {
        refused(access(ours, theirs));
    }

    @Test
    void aCallerDoesNotSpeakToANodeThatItsAuthorityDoesNotVouchFor() {
        refused(access(theirs, ours));
    }

    @Test
    void httpAsksForTheSame() throws Exception {
        assertThat(httpStatus(ours.certificate("ada"), ours.key("ada"))).isEqualTo(200);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> httpStatus(theirs.certificate("ada"), theirs.key("ada")));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> URI.create("http://127.0.0.1:" + node.node().httpPort() + "/healthz")
                        .toURL()
                        .openConnection()
                        .getInputStream());
    }

    private static int httpStatus(Path certificate, Path key) throws IOException {
        var url = URI.create("https://127.0.0.1:" + node.node().httpPort() + "/healthz")
                .toURL();
        var connection = (HttpsURLConnection) url.openConnection();
        connection.setSSLSocketFactory(context(certificate, key).getSocketFactory());
        connection.setReadTimeout((int) SHORT.toMillis());
        return connection.getResponseCode();
    }

    private static SSLContext context(Path certificate, Path key) {
        return LiveCertificates.of(new TlsFiles(certificate, key, ours.authority()))
                .context();
    }

    @Test
    void aNewCertificateIsShownWithoutARestartAndNoCallFails() throws Exception {
        X509Certificate before = shown(node.node().apiPort());

        try (var client = client(access(ours, ours))) {
            client.put("ada", "calls", Json.of(0));
            ours.node("n1");
            Await.until("the API shows the new certificate", ROTATION_MAX, () -> {
                client.put("ada", "calls", Json.of(1));
                return !shown(node.node().apiPort()).equals(before);
            });
            Await.until(
                    "HTTP shows it too",
                    ROTATION_MAX,
                    () -> !shown(node.node().httpPort()).equals(before));
            client.put("ada", "calls", Json.of(2));
        }
        try (var newcomer = client(access(ours, ours))) {
            assertThat(newcomer.get("ada", "calls")).isNotNull();
        }
    }

    @Test
    void aCertificateWhoseKeyIsNotThereYetChangesNothing() throws Exception {
        X509Certificate before = shown(node.node().apiPort());
        Path kept = Files.copy(ours.certificate("n1"), directory.resolve("kept.pem"));
        Files.copy(theirs.certificate("n1"), ours.certificate("n1"), StandardCopyOption.REPLACE_EXISTING);
        try {
            Await.until("the node has looked", ROTATION_MAX, () -> {
                assertThat(shown(node.node().apiPort())).isEqualTo(before);
                return log().contains("changed certificates cannot be used");
            });
            assertThat(shown(node.node().apiPort())).isEqualTo(before);
        } finally {
            Files.move(kept, ours.certificate("n1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String log() {
        try {
            return Files.readString(node.node().log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The certificate that a handshake of this moment sees. */
    private static X509Certificate shown(int port) {
        try (var socket = (SSLSocket) context(ours.certificate("ada"), ours.key("ada"))
                .getSocketFactory()
                .createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
