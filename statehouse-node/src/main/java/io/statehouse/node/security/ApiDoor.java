package io.statehouse.node.security;

import io.statehouse.node.config.NodeSecurity;
import io.statehouse.raft.tls.LiveCertificates;
import io.statehouse.raft.tls.TlsFiles;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of the API and of HTTP.
 *
 * @param certificates what this node shows, and whom it believes
 * @param wantsClientCertificate whether callers must show a certificate
 */
public record ApiDoor(LiveCertificates certificates, boolean wantsClientCertificate) {
    /** The one that a configuration describes; null = no TLS. */
    public static @Nullable ApiDoor of(NodeSecurity security) {
        TlsFiles files = security.api();
        return files == null ? null : new ApiDoor(LiveCertificates.of(files), security.wantsClientCertificate());
    }
}
