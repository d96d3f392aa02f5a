package io.statehouse.statemachine.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some items in order and where to go on. A page may be short, even empty, and not be the last: only {@code next} tells.
 *
 * @param next the name to be given as {@code after} of the next page; null at the end
 */
public record Page<T>(List<T> items, @Nullable String next) {
    public Page {
        items = List.copyOf(items);
    }
}
