package io.statehouse.statemachine.json;

/** A patch that is malformed or does not fit the value it is applied to; the value stays as it was. */
public final class JsonPatchException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The reason is kept with the reply, and a pointer in it may be as long as a value. */
    private static final int MESSAGE_CHARS_MAX = 500;

    public JsonPatchException(String message) {
        super(message.length() <= MESSAGE_CHARS_MAX ? message : message.substring(0, MESSAGE_CHARS_MAX) + " …");
    }
}
