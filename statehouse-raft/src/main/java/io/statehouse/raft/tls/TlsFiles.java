package io.statehouse.raft.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Where the certificates of one side of a connection lie, all as PEM.
 *
 * @param certificate its own certificate, then those that lead to the authority
 * @param key the private key of the first certificate, as unencrypted PKCS #8
 * @param authorities the certificates of those who may vouch for the other side; null = those that Java brings
 */
public record TlsFiles(Path certificate, Path key, @Nullable Path authorities) {
    /**
     * When the first certificate of the chain, as it lies there now, ceases to be valid.
     *
     * @throws IOException when the file cannot be read
     * @throws GeneralSecurityException when it holds no certificates
     */
    public Instant validUntil() throws IOException, GeneralSecurityException {
        return Pem.certificates(certificate).stream()
                .map(each -> each.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElseThrow(() -> new GeneralSecurityException(certificate + " holds no certificate"));
    }
}
