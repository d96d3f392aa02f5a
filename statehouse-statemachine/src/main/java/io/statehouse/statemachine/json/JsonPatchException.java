package io.statehouse.statemachine.json;

/** A patch that is malformed or does not fit the value it is applied to; the value stays as it was. */
public final class JsonPatchException extends Exception {
    private static final long serialVersionUID = 1L;

    JsonPatchException(String message) {
        super(message);
    }
}
