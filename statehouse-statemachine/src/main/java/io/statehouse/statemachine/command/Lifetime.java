package io.statehouse.statemachine.command;

/** How long a key holds a value that is put. */
public sealed interface Lifetime {
    /** Until it is written again. */
    record Unbounded() implements Lifetime {}

    /** For so long, in milliseconds counted from the commit's wall time. */
    record Lasting(long millis) implements Lifetime {}

    /** Until log time reaches this, in milliseconds since 1970; where it has already, the put takes the value away instead. */
    record Until(long wallMillis) implements Lifetime {}
}
