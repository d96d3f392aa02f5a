package io.statehouse.statemachine.state;

import org.jspecify.annotations.Nullable;

/**
 * Which part of an ordered listing to return.
 *
 * @param prefix only names that begin with it; empty = all
 * @param after only names after this one; null = from the beginning
 * @param itemsMax at most this many items; {@link #ALL} = every one, however many names without a value lie between them
 * @param bytesMax stop after the item with which names and values pass this many bytes
 */
public record PageRequest(String prefix, @Nullable String after, int itemsMax, long bytesMax) {
    /** A page that ends at the end or by its bytes only. */
    public static final int ALL = Integer.MAX_VALUE;
}
