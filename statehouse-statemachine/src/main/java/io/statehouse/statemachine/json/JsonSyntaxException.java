package io.statehouse.statemachine.json;

/** Text that is no JSON value we accept; says what is wrong and at which byte. */
public final class JsonSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final int offset;

    JsonSyntaxException(String reason, int offset) {
        super(reason + " at byte " + offset);
        this.reason = reason;
        this.offset = offset;
    }

    public String reason() {
        return reason;
    }

    public int offset() {
        return offset;
    }
}
