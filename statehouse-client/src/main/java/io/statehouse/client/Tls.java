package io.statehouse.client;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files of encrypted connections, all PEM.
 *
 * @param authorities who may vouch for nodes; null = those that Java brings
 * @param certificate what this client shows, where nodes ask for it; null = nothing
 * @param key the certificate's private key, unencrypted; null exactly when the certificate is
 */
public record Tls(
        @Nullable Path authorities,
        @Nullable Path certificate,
        @Nullable Path key) {
    /** Checks that a certificate has its key. */
    public Tls {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("a certificate and its key are given together or not at all");
        }
    }

    /** Believes nodes that these authorities vouch for, and shows nothing. */
    public static Tls of(Path authorities) {
        return new Tls(authorities, null, null);
    }
}
