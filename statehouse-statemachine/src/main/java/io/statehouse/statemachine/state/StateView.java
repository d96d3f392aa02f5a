package io.statehouse.statemachine.state;

import io.statehouse.statemachine.Agent;
import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.Key;
import io.statehouse.statemachine.Timeline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state as of one commit. The present is the latest view; a view never changes and may be read by any thread.
 *
 * <p>Below the floor of a namespace every question about its keys ends in a {@link
 * io.statehouse.statemachine.CompactedException}, also when the floor came past the view while it was read.
 */
public interface StateView {
    CommitTs at();

    /** Wall-clock time of the commit this view is of; 0 before the first. */
    long wallMillis();

    /** What the key holds, tombstones included; null when it was never written. */
    @Nullable
    Entry find(Key key);

    /**
     * What the key held as of one of its versions; null when there is no such version in this view. One that retention has
     * let go ends in a {@link io.statehouse.statemachine.CompactedException}.
     */
    @Nullable
    Entry findVersion(Key key, long version);

    /**
     * What the versions of a key made of it, from version {@code newest} downwards, tombstones included; ends after
     * {@code itemsMax} of them or the one with which their values pass {@code bytesMax}, and above those that retention has
     * let go.
     */
    List<Entry> versions(Key key, long newest, int itemsMax, long bytesMax);

    /** The agent's entries that hold a value, in byte order of the UTF-8 key. */
    Page<NamedEntry> scan(Agent agent, PageRequest request);

    /** The names of the agent's keys that hold a value, in byte order. */
    Page<String> keys(Agent agent, PageRequest request);

    /** Agents of the namespace that have ever been written to, in byte order. */
    Page<String> agents(Timeline timeline, String namespace, PageRequest request);

    /** Namespaces that have ever been written to, in byte order. */
    Page<String> namespaces(Timeline timeline, PageRequest request);
}
