package io.statehouse.cluster.check.history;

import io.statehouse.cluster.check.history.HistoryLine.WatchOpened;
import java.util.List;

/**
 * Everything one watch stream said, in order.
 *
 * @param messages deliveries, progress marks and the end
 */
public record WatchStream(WatchOpened opened, List<HistoryLine> messages) {
    public WatchStream {
        messages = List.copyOf(messages);
    }
}
