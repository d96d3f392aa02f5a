package io.statehouse.raft.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Names a certificate together with its generation, so that a handshake never mixes an old certificate with a new key. */
final class ShownCertificates extends X509ExtendedKeyManager {
    private static final char OF_ALIAS = ':';

    private final LiveCertificates certificates;

    ShownCertificates(LiveCertificates certificates) {
        this.certificates = certificates;
    }

    private @Nullable String choose(Function<X509ExtendedKeyManager, @Nullable String> choice) {
        LoadedCertificates now = certificates.now();
        String alias = choice.apply(now.keys());
        return alias == null ? null : now.generation() + String.valueOf(OF_ALIAS) + alias;
    }

    private <T> @Nullable T find(String generation, Function<X509ExtendedKeyManager, @Nullable T> look) {
        LoadedCertificates loaded = certificates.of(Long.parseLong(generation));
        return loaded == null ? null : look.apply(loaded.keys());
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keys -> keys.chooseEngineServerAlias(keyType, issuers, engine));
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keys -> keys.chooseEngineClientAlias(keyTypes, issuers, engine));
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keys -> keys.chooseServerAlias(keyType, issuers, socket));
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keys -> keys.chooseClientAlias(keyTypes, issuers, socket));
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return certificates.now().keys().getServerAliases(keyType, issuers);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return certificates.now().keys().getClientAliases(keyType, issuers);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        int end = alias.indexOf(OF_ALIAS);
        return find(alias.substring(0, end), keys -> keys.getCertificateChain(alias.substring(end + 1)));
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        int end = alias.indexOf(OF_ALIAS);
        return find(alias.substring(0, end), keys -> keys.getPrivateKey(alias.substring(end + 1)));
    }
}
