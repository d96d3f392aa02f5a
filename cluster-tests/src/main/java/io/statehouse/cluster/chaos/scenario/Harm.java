package io.statehouse.cluster.chaos.scenario;

import org.jspecify.annotations.Nullable;

/** A fault that is in force. */
public interface Harm {
    /** What was hit, such as the id of a node. */
    String target();

    /**
     * By which sign from outside it can be seen to be in force, such as a new leader in a higher term; null while there is
     * none. Asked again and again until there is one. A fault nobody saw proves nothing, and makes its run invalid.
     */
    @Nullable
    String evidence();

    /** Undoes it; returns when it is undone. */
    void heal();
}
