package io.statehouse.node.security;

import io.statehouse.node.service.AccessPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who was let in to administer, and who was denied what: one line each, never a value, a key or a token. */
final class AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger("statehouse.audit");

    void admitted(String who, AccessPolicy.Arrival arrival) {
        LOG.info("admitted who={} rpc={} peer={}", printable(who), arrival.rpc(), arrival.peer());
    }

    void denied(String who, AccessPolicy.Arrival arrival, String missing) {
        LOG.warn(
                "denied who={} rpc={} peer={} missing=\"{}\"",
                printable(who),
                arrival.rpc(),
                arrival.peer(),
                printable(missing));
    }

    /** A namespace may hold anything; a line must stay a line. */
    private static String printable(String text) {
        return text.isEmpty() ? "nobody" : text.replaceAll("[^\\x20-\\x21\\x23-\\x7e]", "?");
    }
}
