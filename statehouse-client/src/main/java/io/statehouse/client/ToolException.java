package io.statehouse.client;

import org.jspecify.annotations.Nullable;

/** Why an effect that should happen once has no outcome to give. */
public final class ToolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final String key;

    /** What is known of the effect. */
    public enum Reason {
        /** It was tried and failed; the message is what it failed with. */
        FAILED,
        /**
         * Whoever did it ended without saying whether it happened, so nobody does it again. Somebody who finds out says so by
         * {@link Tools#reconcile}.
         */
        AMBIGUOUS,
        /** Another is still doing it. */
        UNDER_WAY
    }

    ToolException(Reason reason, String key, String message, @Nullable Exception cause) {
        super(message, cause);
        this.reason = reason;
        this.key = key;
    }

    /** What is known. */
    public Reason reason() {
        return reason;
    }

    /** The key of the effect. */
    public String key() {
        return key;
    }
}
