package io.statehouse.raft;

import java.util.concurrent.atomic.AtomicLong;

/** Up to where one follower was told that is committed, whether it has answered or not. */
final class ToldCommit {
    private final AtomicLong index = new AtomicLong(-1);

    void tell(long commitIndex) {
        index.accumulateAndGet(commitIndex, Math::max);
    }

    boolean covers(long commitIndex) {
        return index.get() >= commitIndex;
    }
}
