package io.statehouse.statemachine;

/** One course of history; everything happens on {@link #MAIN} until it is forked. */
public record Timeline(int id) implements Comparable<Timeline> {
    public static final Timeline MAIN = new Timeline(0);

    public Timeline {
        if (id < 0) {
            throw new IllegalArgumentException("timeline id is negative: " + id);
        }
    }

    @Override
    public int compareTo(Timeline other) {
        return Integer.compare(id, other.id);
    }
}
