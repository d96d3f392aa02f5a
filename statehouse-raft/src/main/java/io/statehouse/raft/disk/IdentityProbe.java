package io.statehouse.raft.disk;

import io.statehouse.raft.Member;
import org.jspecify.annotations.Nullable;

/** Asks another member who it is. */
@FunctionalInterface
interface IdentityProbe {
    /** Null when it does not answer in time; it may be down, starting, or between forming and running. */
    IdentityText.@Nullable Answer ask(Member peer);
}
