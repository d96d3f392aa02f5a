package io.statehouse.cli;

/** What the caller of statehousectl got wrong, in one sentence that says what to do instead. */
final class Complaint extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Complaint(String message) {
        super(message);
    }

    Complaint(String message, Throwable cause) {
        super(message, cause);
    }
}
