package io.statehouse.raft.tls;

import io.statehouse.raft.ExitCode;
import io.statehouse.raft.StartRefusedException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of some files as the files are now: each handshake uses what was there at most {@link #CHECK_INTERVAL}
 * before it.
 *
 * <p>Files that cannot be used, such as a new certificate whose key is still the old one, change nothing: the last good ones
 * stay in use, and the files are looked at again. Connections that stand are not touched.
 */
public final class LiveCertificates {
    /** How often, at most, the files are looked at; a handshake looks, so without one nobody does. */
    public static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(LiveCertificates.class);

    private final TlsFiles files;
    private final ReentrantLock checking = new ReentrantLock();
    private volatile LoadedCertificates current;
    /** For a handshake that began with them. */
    private volatile @Nullable LoadedCertificates previous;

    /** Guarded by {@code checking}. */
    private long checkedNanos;

    /** Guarded by {@code checking}: the complaint that was logged last, so that it is logged once. */
    private String complaint = "";

    private LiveCertificates(TlsFiles files, LoadedCertificates first) {
        this.files = files;
        this.current = first;
        this.checkedNanos = System.nanoTime();
    }

    /**
     * Those of some files.
     *
     * @throws StartRefusedException when the files cannot be used; it says why
     */
    public static LiveCertificates of(TlsFiles files) {
        try {
            return new LiveCertificates(files, LoadedCertificates.read(files, 0));
        } catch (IOException | GeneralSecurityException e) {
            throw new StartRefusedException(
                    ExitCode.BAD_CONFIGURATION,
                    "the certificate " + files.certificate() + " with the key " + files.key() + " cannot be used: " + e,
                    e);
        }
    }

    /** Shows the certificate. */
    public KeyManager keyManager() {
        return new ShownCertificates(this);
    }

    /** Asks who vouches for the other side. */
    public TrustManager trustManager() {
        return new TrustedAuthorities(this);
    }

    /** Both, for those who take a context. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keyManager()}, new TrustManager[] {trustManager()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    /** What a handshake that begins now uses. */
    LoadedCertificates now() {
        // One looks; the others go on with what there is.
        if (checking.tryLock()) {
            try {
                check();
            } finally {
                checking.unlock();
            }
        }
        return current;
    }

    private void check() {
        long now = System.nanoTime();
        if (now - checkedNanos < CHECK_INTERVAL.toNanos()) {
            return;
        }
        checkedNanos = now;
        try {
            if (LoadedCertificates.marks(files).equals(current.marks())) {
                return;
            }
            LoadedCertificates read = LoadedCertificates.read(files, current.generation() + 1);
            previous = current;
            current = read;
            complaint = "";
            LOG.info("certificates read again certificate={} generation={}", files.certificate(), read.generation());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            complain(e.toString());
        }
    }

    private void complain(String reason) {
        if (!reason.equals(complaint)) {
            complaint = reason;
            LOG.warn(
                    "changed certificates cannot be used, the last good ones stay certificate={} reason={}",
                    files.certificate(),
                    reason);
        }
    }

    /** What a handshake that began with a generation goes on with; null when that is too long ago. */
    @Nullable
    LoadedCertificates of(long generation) {
        LoadedCertificates before = previous;
        if (current.generation() == generation) {
            return current;
        }
        return before != null && before.generation() == generation ? before : null;
    }
}
