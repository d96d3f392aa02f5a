package io.statehouse.raft.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the certificates of one side of a connection lie, all as PEM.
 *
 * @param certificate its own certificate, then those that lead to the authority
 * @param key the private key of the first certificate, as unencrypted PKCS #8
 * @param authorities the certificates of those who may vouch for the other side; null = those that Java brings
 */
public record TlsFiles(Path certificate, Path key, @Nullable Path authorities) {}
