package io.statehouse.statemachine.state;

import io.statehouse.statemachine.CommitTs;
import io.statehouse.statemachine.CompactedException;
import io.statehouse.statemachine.Timeline;
import io.statehouse.statemachine.codec.KeyCodec;
import io.statehouse.statemachine.codec.RetentionCodec;
import io.statehouse.statemachine.storage.Rows;
import io.statehouse.statemachine.storage.Table;

/** How far back namespaces can be read. */
public final class Floors {
    private Floors() {}

    /** What retention has come to in a namespace. */
    public static Retained find(Rows rows, Timeline timeline, String namespace) {
        byte[] row = rows.get(Table.RETENTION, KeyCodec.ofNamespace(timeline, namespace));
        return row == null ? Retained.ALL : RetentionCodec.decode(row);
    }

    /**
     * Throws a {@link CompactedException} when a point lies below the floor.
     *
     * <p>To be asked after reading: a floor goes up together with the rows that go, so whoever still finds it at or below
     * the point has missed none.
     */
    public static void require(Rows rows, Timeline timeline, String namespace, CommitTs at) {
        CommitTs floor = find(rows, timeline, namespace).floor();
        if (floor.isAfter(at)) {
            throw new CompactedException(namespace, floor);
        }
    }
}
