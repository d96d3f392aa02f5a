package io.statehouse.node.service;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call that was not done, with everything its caller should hear. Never holds a value. */
public final class ServiceException extends RuntimeException {
    private final ErrorKind kind;
    private final Map<String, String> details;

    public ServiceException(ErrorKind kind, String message, Map<String, String> details) {
        this(kind, message, details, null);
    }

    public ServiceException(ErrorKind kind, String message, Map<String, String> details, @Nullable Throwable cause) {
        // An answer to the caller, not a fault of this process: no stack trace.
        super(message, cause, false, false);
        this.kind = kind;
        this.details = Map.copyOf(details);
    }

    public ErrorKind kind() {
        return kind;
    }

    public Map<String, String> details() {
        return details;
    }

    /** The words for the caller. */
    public String text() {
        String message = getMessage();
        return message == null ? kind.name() : message;
    }
}
