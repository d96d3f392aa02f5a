package io.statehouse.cluster.check.linear;

import org.jspecify.annotations.Nullable;

/**
 * What one object does when its operations come one after another.
 *
 * @param <S> its states; compared by equals, so exactly
 * @param <O> its operations, each with its answer
 */
interface Model<S, O> {
    S initial();

    /** The state after the operation; null when the object in this state would not have answered so. */
    @Nullable
    S step(S state, O operation);
}
