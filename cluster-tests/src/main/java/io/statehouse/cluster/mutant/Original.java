package io.statehouse.cluster.mutant;

import org.jspecify.annotations.Nullable;

/** A method of the product as it was before it was broken. */
public interface Original {
    /** Calls it, with arguments that may be others than the caller's. */
    @Nullable
    Object call(@Nullable Object... arguments) throws Throwable;
}
