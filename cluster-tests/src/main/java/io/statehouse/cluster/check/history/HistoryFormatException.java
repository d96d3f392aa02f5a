package io.statehouse.cluster.check.history;

/** A line that is not part of a history; says which, and what is wrong with it. */
public final class HistoryFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public HistoryFormatException(String message) {
        super(message);
    }

    HistoryFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
