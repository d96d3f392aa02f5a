package io.statehouse.client;

/**
 * What a session's events have come to until one of them.
 *
 * @param sequence the number of the last event that is in it; 0 = none
 */
public record Folded<S>(S state, long sequence) {
    public Folded {
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence is " + sequence + "; it must be 0 or more");
        }
    }
}
