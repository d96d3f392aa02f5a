package io.statehouse.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a client's connections are protected, and who it is.
 *
 * @param tls null = not encrypted
 * @param token shown with every call; null = none
 */
public record Access(@Nullable Tls tls, @Nullable String token) {
    /** Not encrypted, and nobody. */
    public static final Access OPEN = new Access(null, null);

    /** Encrypted. */
    public static Access of(Tls tls) {
        return new Access(tls, null);
    }

    /** The same, showing a token. */
    public Access token(String shown) {
        return new Access(tls, shown);
    }

    /** The same, showing the token that a file holds. */
    public Access tokenOf(Path file) {
        try {
            return token(Files.readString(file).strip());
        } catch (IOException e) {
            throw new IllegalArgumentException("the token file cannot be read: " + e, e);
        }
    }

    /**
     * What these variables say: {@code STATEHOUSE_TLS_CA}, {@code STATEHOUSE_TLS_CERT} and {@code STATEHOUSE_TLS_KEY} name
     * PEM files; {@code STATEHOUSE_TLS} set to {@code true} alone encrypts and believes the authorities that Java brings.
     * {@code STATEHOUSE_TOKEN} is a token, {@code STATEHOUSE_TOKEN_FILE} a file that holds one.
     *
     * @throws IllegalArgumentException if they do not fit together
     */
    public static Access fromEnvironment(Map<String, String> environment) {
        boolean isWanted = isWanted(ClientOptions.present(environment, "STATEHOUSE_TLS"));
        Path authorities = file(environment, "STATEHOUSE_TLS_CA");
        Path certificate = file(environment, "STATEHOUSE_TLS_CERT");
        Path key = file(environment, "STATEHOUSE_TLS_KEY");
        boolean isNamed = authorities != null || certificate != null || key != null;
        Access access = isNamed || isWanted ? of(new Tls(authorities, certificate, key)) : OPEN;
        String token = ClientOptions.present(environment, "STATEHOUSE_TOKEN");
        Path tokenFile = file(environment, "STATEHOUSE_TOKEN_FILE");
        if (token != null) {
            return access.token(token);
        }
        return tokenFile == null ? access : access.tokenOf(tokenFile);
    }

    /** A word that is not understood must not mean plain text. */
    private static boolean isWanted(@Nullable String tls) {
        if (tls == null || "false".equals(tls)) {
            return false;
        }
        if ("true".equals(tls)) {
            return true;
        }
        throw new IllegalArgumentException("STATEHOUSE_TLS must be true or false, not '" + tls + "'");
    }

    private static @Nullable Path file(Map<String, String> environment, String variable) {
        String text = ClientOptions.present(environment, variable);
        return text == null ? null : Path.of(text);
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "Access[tls=" + tls + ", token=" + (token == null ? "none" : "********") + "]";
    }
}
