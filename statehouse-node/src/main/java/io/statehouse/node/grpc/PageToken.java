package io.statehouse.node.grpc;

import io.statehouse.node.service.Refusals;
import io.statehouse.statemachine.CommitTs;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where a listing goes on: after which name, and at which commit, so that all its pages are of one cut. Opaque to clients.
 */
record PageToken(CommitTs at, String after) {
    private static final String SEPARATOR = ":";

    String encode() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((at + SEPARATOR + after).getBytes(StandardCharsets.UTF_8));
    }

    static PageToken decode(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            int separator = text.indexOf(SEPARATOR);
            return new PageToken(
                    new CommitTs(Long.parseLong(text.substring(0, separator))), text.substring(separator + 1));
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
            throw Refusals.invalid("page_token", "not a token of this service");
        }
    }
}
