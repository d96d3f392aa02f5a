package io.statehouse.statemachine;

/** This replica's disk or state cannot be trusted any more; the process must stop and the other replicas carry on. */
public final class StoreFailedException extends RuntimeException {
    public StoreFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    public StoreFailedException(String message) {
        super(message);
    }
}
