package io.statehouse.client;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a client's connections are protected.
 *
 * @param tls null = not encrypted
 */
public record Access(@Nullable Tls tls) {
    /** Not encrypted. */
    public static final Access OPEN = new Access(null);

    /** Encrypted. */
    public static Access of(Tls tls) {
        return new Access(tls);
    }

    /**
     * What these variables say: {@code STATEHOUSE_TLS_CA}, {@code STATEHOUSE_TLS_CERT} and {@code STATEHOUSE_TLS_KEY} name
     * PEM files; {@code STATEHOUSE_TLS} set to {@code true} alone encrypts and believes the authorities that Java brings.
     *
     * @throws IllegalArgumentException if they do not fit together
     */
    public static Access fromEnvironment(Map<String, String> environment) {
        String isWanted = ClientOptions.present(environment, "STATEHOUSE_TLS");
        Path authorities = file(environment, "STATEHOUSE_TLS_CA");
        Path certificate = file(environment, "STATEHOUSE_TLS_CERT");
        Path key = file(environment, "STATEHOUSE_TLS_KEY");
        boolean isNamed = authorities != null || certificate != null || key != null;
        return isNamed || "true".equals(isWanted) ? of(new Tls(authorities, certificate, key)) : OPEN;
    }

    private static @Nullable Path file(Map<String, String> environment, String variable) {
        String text = ClientOptions.present(environment, variable);
        return text == null ? null : Path.of(text);
    }
}
