package io.statehouse.node.security;

import io.statehouse.node.audit.AuditFile;
import io.statehouse.node.audit.AuditPlace;
import io.statehouse.node.audit.AuditStream;
import io.statehouse.node.service.AccessPolicy;
import io.statehouse.node.service.Refusals;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Sha256;
import io.statehouse.statemachine.TxnId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who was let in to administer, and who was denied what: never a value, a key or a token.
 *
 * <p>What is let in leaves a line each. Whoever is denied can ask as often as he likes, so what is denied to somebody over and
 * over leaves a line, and later one that counts the repetitions; and there is a bound on how much is told apart.
 */
final class AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger("statehouse.audit");

    /** Repetitions within so long are one line. */
    static final Duration WINDOW = Duration.ofSeconds(10);

    /** So many things denied are told apart within a window; those beyond are counted together. */
    static final int DENIED_MAX = 256;

    private static final int TXN_ID_CHARS_MAX = 128;
    private static final String MORE = "more than " + DENIED_MAX + " kinds";

    private final Consumer<String> admitted;
    private final Consumer<String> refused;
    private final LongSupplier nanoTime;

    /** Null until {@link #keep}, and where nothing is on a disk. */
    private volatile @Nullable Kept kept;

    /** What was denied in its window, the oldest first. Guarded by this. */
    private final Map<String, Repeated> denied = new LinkedHashMap<>();

    private static final class Repeated {
        private final long sinceNanos;
        private long left;

        Repeated(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }
    }

    private record Kept(AuditFile admitted, AuditFile denied) {}

    AuditLog() {
        this(LOG::info, LOG::warn, System::nanoTime);
    }

    /** One that writes its lines elsewhere. */
    AuditLog(Consumer<String> admitted, Consumer<String> refused, LongSupplier nanoTime) {
        this.admitted = admitted;
        this.refused = refused;
        this.nanoTime = nanoTime;
    }

    /** From now on lines are kept on the disk too, each bound to those before it. */
    void keep(AuditPlace place, InstantSource clock) throws IOException {
        kept = new Kept(
                AuditFile.open(place, AuditStream.ADMITTED, clock), AuditFile.open(place, AuditStream.DENIED, clock));
    }

    /** Writes down what is still held back. What is admitted afterwards is refused, as it cannot be written down. */
    void close() {
        flush(Duration.ZERO);
        Kept open = kept;
        if (open != null) {
            try {
                open.admitted.close();
            } finally {
                open.denied.close();
            }
        }
    }

    /**
     * Returns when the line would survive the end of the machine: only then may be done what it is about.
     *
     * @throws io.statehouse.node.service.ServiceException when it would not
     */
    void admitted(String who, AccessPolicy.Arrival arrival) {
        admit("admitted who=" + printable(who) + " rpc=" + arrival.rpc() + " peer=" + arrival.peer() + " trace="
                + arrival.trace());
    }

    /** The same of a request that has been read: under which id it is done. */
    void administered(String who, AccessPolicy.Arrival arrival, TxnId id) {
        admit("administered who=" + printable(who) + " rpc=" + arrival.rpc() + " txn=" + shortened(id) + " trace="
                + arrival.trace());
    }

    private void admit(String line) {
        Kept open = kept;
        if (open == null) {
            admitted.accept(line);
        } else {
            admitted.accept(line + " " + forced(open.admitted, line));
        }
    }

    private static String forced(AuditFile file, String line) {
        try {
            String place = file.append(line);
            file.force();
            return place;
        } catch (UncheckedIOException e) {
            throw Refusals.unaudited(e);
        }
    }

    /** What is denied is denied, whether it could be written down or not. */
    private void refuse(String line) {
        Kept open = kept;
        if (open == null) {
            refused.accept(line);
            return;
        }
        try {
            refused.accept(line + " " + open.denied.append(line));
        } catch (UncheckedIOException e) {
            refused.accept(line + " kept=no");
            LOG.error("a denial is in the log alone", e);
        }
    }

    void denied(String who, AccessPolicy.Arrival arrival, String missing, AccessPolicy.About about) {
        String what = "who=" + printable(who) + " rpc=" + arrival.rpc() + " peer=" + host(arrival.peer())
                + " missing=\"" + printable(missing) + "\"";
        if (isFirst(what)) {
            refuse("denied " + what + told(about) + " trace=" + arrival.trace());
        }
    }

    /** The id and the key of the first of those that are counted together. Whoever knows a key can find its line; no line tells one. */
    private static String told(AccessPolicy.About about) {
        TxnId id = about.txnId();
        Key key = about.key();
        return (id == null ? "" : " txn=" + shortened(id)) + (key == null ? "" : " key_sha256=" + sha256(key));
    }

    private static String sha256(Key key) {
        String text = key.agent().namespace() + "\n" + key.agent().id() + "\n" + key.name();
        return HexFormat.of().formatHex(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** It was not looked at yet. */
    private static String shortened(TxnId id) {
        String text = printable(id.value()).replace(' ', '?');
        return text.length() <= TXN_ID_CHARS_MAX ? text : text.substring(0, TXN_ID_CHARS_MAX);
    }

    private synchronized boolean isFirst(String what) {
        Repeated known = denied.get(what);
        if (known == null && denied.size() >= DENIED_MAX) {
            denied.computeIfAbsent(MORE, more -> new Repeated(nanoTime.getAsLong())).left++;
            return false;
        }
        if (known == null) {
            denied.put(what, new Repeated(nanoTime.getAsLong()));
            return true;
        }
        known.left++;
        return false;
    }

    /** Writes down what was held back and is over its window; a timer calls it. */
    void flush() {
        flush(WINDOW);
    }

    private synchronized void flush(Duration window) {
        long now = nanoTime.getAsLong();
        for (Iterator<Map.Entry<String, Repeated>> all = denied.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, Repeated> one = all.next();
            if (now - one.getValue().sinceNanos < window.toNanos()) {
                return;
            }
            all.remove();
            if (one.getValue().left > 0) {
                refuse("denied again times=" + one.getValue().left + " " + one.getKey());
            }
        }
    }

    /** Each call may come from another port. */
    private static String host(String peer) {
        int port = peer.lastIndexOf(':');
        return port < 0 ? peer : peer.substring(0, port);
    }

    /** A namespace may hold anything; a line must stay a line. */
    private static String printable(String text) {
        return text.isEmpty() ? "nobody" : text.replaceAll("[^\\x20-\\x21\\x23-\\x7e]", "?");
    }
}
