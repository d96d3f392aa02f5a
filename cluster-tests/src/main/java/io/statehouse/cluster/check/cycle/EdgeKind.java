package io.statehouse.cluster.check.cycle;

import java.util.EnumSet;
import java.util.Set;

/** Why one transaction must come before another. */
enum EdgeKind {
    /** It appended the element before. */
    WRITE_WRITE,
    /** The other read what it appended. */
    WRITE_READ,
    /** It did not see what the other appended. */
    READ_WRITE,
    /** It had returned before the other began. */
    REAL_TIME;

    static final Set<EdgeKind> WRITES = EnumSet.of(WRITE_WRITE);
    static final Set<EdgeKind> INFORMATION = EnumSet.of(WRITE_WRITE, WRITE_READ);
    static final Set<EdgeKind> DEPENDENCIES = EnumSet.of(WRITE_WRITE, WRITE_READ, READ_WRITE);

    static Set<EdgeKind> withRealTime(Set<EdgeKind> kinds) {
        Set<EdgeKind> more = EnumSet.copyOf(kinds);
        more.add(REAL_TIME);
        return more;
    }
}
