package io.statehouse.node.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A token as it is shown: {@code sh1.NAME.SECRET}; anything else is a secret without a name.
 *
 * @param text all of it
 */
record TokenText(String name, String secretSha256, String text) {
    private static final String BEARER = "Bearer ";
    private static final String FORMAT = "sh1.";
    private static final int CHARACTERS_MAX = 512;

    /** What a header shows; null when it shows nothing. */
    static @Nullable TokenText parse(@Nullable String authorization) {
        if (authorization == null
                || authorization.length() > CHARACTERS_MAX
                || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return null;
        }
        String text = authorization.substring(BEARER.length()).strip();
        if (!text.startsWith(FORMAT)) {
            return new TokenText("", sha256(text), text);
        }
        int end = text.indexOf('.', FORMAT.length());
        return end <= FORMAT.length()
                ? null
                : new TokenText(text.substring(FORMAT.length(), end), sha256(text.substring(end + 1)), text);
    }

    static String sha256(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "token " + name;
    }
}
