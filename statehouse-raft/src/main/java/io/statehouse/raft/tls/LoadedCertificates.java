package io.statehouse.raft.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What the files held when they were read.
 *
 * @param generation counts the readings
 * @param marks what the files looked like, to see whether they changed
 */
record LoadedCertificates(
        long generation, List<String> marks, X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {
    private static final char[] NO_PASSWORD = new char[0];

    LoadedCertificates {
        marks = List.copyOf(marks);
    }

    static LoadedCertificates read(TlsFiles files, long generation) throws IOException, GeneralSecurityException {
        // Before the reading: a file that changes meanwhile is read again.
        List<String> marks = marks(files);
        List<X509Certificate> chain = Pem.certificates(files.certificate());
        PrivateKey key = Pem.key(files.key(), chain.get(0));
        return new LoadedCertificates(generation, marks, keys(key, chain), trust(files));
    }

    private static X509ExtendedKeyManager keys(PrivateKey key, List<X509Certificate> chain)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return only(X509ExtendedKeyManager.class, factory.getKeyManagers());
    }

    private static X509ExtendedTrustManager trust(TlsFiles files) throws IOException, GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        Path authorities = files.authorities();
        if (authorities == null) {
            factory.init((KeyStore) null);
        } else {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            int count = 0;
            for (X509Certificate authority : Pem.certificates(authorities)) {
                store.setCertificateEntry("authority-" + count++, authority);
            }
            factory.init(store);
        }
        return only(X509ExtendedTrustManager.class, factory.getTrustManagers());
    }

    private static <T> T only(Class<T> type, Object[] made) throws GeneralSecurityException {
        return Arrays.stream(made)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("this Java makes no " + type.getSimpleName()));
    }

    /** What tells one state of the files from the next, without reading them. */
    static List<String> marks(TlsFiles files) throws IOException {
        List<Path> all = new ArrayList<>(List.of(files.certificate(), files.key()));
        Path authorities = files.authorities();
        if (authorities != null) {
            all.add(authorities);
        }
        List<String> marks = new ArrayList<>();
        for (Path file : all) {
            BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
            marks.add(seen.lastModifiedTime() + " " + seen.size() + " " + seen.fileKey());
        }
        return marks;
    }
}
