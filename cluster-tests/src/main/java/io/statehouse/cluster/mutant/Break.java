package io.statehouse.cluster.mutant;

import org.jspecify.annotations.Nullable;

/** What happens instead of a method of the product. */
@FunctionalInterface
public interface Break {
    /**
     * Answers in place of the method.
     *
     * @param self whose method it is; null when it is static
     */
    @Nullable
    Object instead(@Nullable Object self, @Nullable Object[] arguments, Original original) throws Throwable;
}
