package io.statehouse.node.config;

import io.statehouse.raft.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a node protects its ports.
 *
 * @param api the certificates of the API and HTTP; null = no TLS there
 * @param wantsClientCertificate whether callers of the API and HTTP must show a certificate
 * @param raft the certificates between members; null = no TLS there
 * @param tokens null = callers need to show none
 */
public record NodeSecurity(
        @Nullable TlsFiles api,
        boolean wantsClientCertificate,
        @Nullable TlsFiles raft,
        @Nullable Tokens tokens) {
    private static final int BOOTSTRAP_CHARACTERS_MIN = 32;

    /**
     * Callers must show a token.
     *
     * @param bootstrap a secret that may make and revoke tokens; empty = there is none
     */
    public record Tokens(String bootstrap) {
        /** Never the secret. */
        @Override
        public String toString() {
            return bootstrap.isEmpty() ? "tokens" : "tokens, and a bootstrap secret";
        }
    }

    static NodeSecurity from(Settings settings) {
        TlsFiles api = files(settings, Setting.TLS_CERT, Setting.TLS_KEY, Setting.TLS_CA);
        boolean wantsClientCertificate = settings.isOn(Setting.TLS_CLIENT_AUTH);
        if (wantsClientCertificate && (api == null || api.authorities() == null)) {
            throw new ConfigException(settings.name(Setting.TLS_CLIENT_AUTH) + " is on, which needs "
                    + Setting.TLS_CERT.key() + ", " + Setting.TLS_KEY.key() + " and " + Setting.TLS_CA.key());
        }
        TlsFiles raft = files(settings, Setting.RAFT_TLS_CERT, Setting.RAFT_TLS_KEY, Setting.RAFT_TLS_CA);
        if (raft != null && raft.authorities() == null) {
            throw new ConfigException(settings.name(Setting.RAFT_TLS_CERT) + " is set without "
                    + Setting.RAFT_TLS_CA.key() + "; members believe nobody that no named authority vouches for");
        }
        return new NodeSecurity(api, wantsClientCertificate, raft, tokens(settings));
    }

    private static @Nullable Tokens tokens(Settings settings) {
        String bootstrap = settings.text(Setting.AUTH_BOOTSTRAP);
        if (!settings.isOn(Setting.AUTH)) {
            if (!bootstrap.isEmpty()) {
                throw new ConfigException(settings.name(Setting.AUTH_BOOTSTRAP) + " is set, but " + Setting.AUTH.key()
                        + " is off; refusing to run less protected than asked");
            }
            return null;
        }
        if (!bootstrap.isEmpty() && bootstrap.length() < BOOTSTRAP_CHARACTERS_MIN) {
            throw new ConfigException(settings.name(Setting.AUTH_BOOTSTRAP) + " has fewer than "
                    + BOOTSTRAP_CHARACTERS_MIN + " characters; make one with: openssl rand -hex 32");
        }
        return new Tokens(bootstrap);
    }

    /** One of the three alone protects nothing, and would look as if it did. */
    private static @Nullable TlsFiles files(Settings settings, Setting certificate, Setting key, Setting authorities) {
        boolean hasAll = isSet(settings, certificate) && isSet(settings, key);
        if (!hasAll) {
            for (Setting given : List.of(certificate, key, authorities)) {
                if (isSet(settings, given)) {
                    throw new ConfigException(settings.name(given) + " is set, but TLS needs " + certificate.key()
                            + " and " + key.key() + " both");
                }
            }
            return null;
        }
        return new TlsFiles(
                Path.of(settings.text(certificate)),
                Path.of(settings.text(key)),
                isSet(settings, authorities) ? Path.of(settings.text(authorities)) : null);
    }

    private static boolean isSet(Settings settings, Setting setting) {
        return !settings.text(setting).isEmpty();
    }

    /** When the certificates in use cease to be valid, by the setting that names them; null = the file cannot be read. */
    public Map<String, @Nullable Instant> certificateEnds() {
        Map<String, @Nullable Instant> ends = new TreeMap<>();
        if (api != null) {
            ends.put(Setting.TLS_CERT.key(), end(api));
        }
        if (raft != null) {
            ends.put(Setting.RAFT_TLS_CERT.key(), end(raft));
        }
        return ends;
    }

    private static @Nullable Instant end(TlsFiles files) {
        try {
            return files.validUntil();
        } catch (IOException | GeneralSecurityException e) {
            // A node goes on with what it read before, and says why in its log.
            return null;
        }
    }

    void requireApiTls(Setting setting, Address address) {
        if (api == null && !address.isLoopback()) {
            throw new ConfigException(setting.key() + " " + address + " is reachable from other machines without TLS;"
                    + " set " + Setting.TLS_CERT.key() + " and " + Setting.TLS_KEY.key()
                    + ", bind to loopback, or say --insecure");
        }
    }

    void requireRaftTls(Address address) {
        if (raft == null && !address.isLoopback()) {
            throw new ConfigException(Setting.RAFT_ADDR.key() + " " + address
                    + " is reachable from other machines without TLS; set " + Setting.RAFT_TLS_CERT.key() + ", "
                    + Setting.RAFT_TLS_KEY.key() + " and " + Setting.RAFT_TLS_CA.key()
                    + ", bind to loopback, or say --insecure");
        }
    }
}
