package io.statehouse.cluster.check.order;

import io.statehouse.cluster.check.history.Call;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.HistoryLine;
import io.statehouse.cluster.check.history.HistoryLine.WatchDelivered;
import io.statehouse.cluster.check.history.ReadPoint;
import io.statehouse.cluster.check.history.Request;
import io.statehouse.cluster.check.history.Response;
import io.statehouse.cluster.check.history.WatchStream;
import io.statehouse.cluster.check.order.CommitWindows.Window;
import io.statehouse.statemachine.CommitTs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the server's axis of commits lies on the harness's clock: how far it had come at a moment, and what came later.
 *
 * <p>Places are counted in halves: a commit stands on twice its commit_ts, a linearizable read just behind the commit that
 * it answers from.
 */
final class Axis {
    private static final long HALVES = 2;

    /** In order of time; each with the furthest place reached up to it. */
    private final List<Evidence> reached = new ArrayList<>();

    /** Commits in order of the moment they began; each with the smallest commit_ts from it on. */
    private final List<Evidence> begun = new ArrayList<>();

    /** @param call who says so; null = a watch */
    record Evidence(long nanos, long place, @Nullable Call call) {}

    Axis(History history, Collection<Window> windows) {
        for (Window window : windows) {
            reached.add(new Evidence(window.returnNanos(), ofCommit(window.commitTs()), window.call()));
            begun.add(new Evidence(window.callNanos(), window.commitTs(), window.call()));
        }
        for (Call call : history.calls()) {
            CommitTs readTs = readTsOf(call);
            if (readTs != null) {
                boolean isLatest = askedOf(call.request()) instanceof ReadPoint.Latest;
                long place = isLatest ? ofRead(readTs.value()) : ofCommit(readTs.value());
                reached.add(new Evidence(call.returnNanos(), place, call));
            }
        }
        for (WatchStream stream : history.watches()) {
            stream.messages().forEach(this::addDelivery);
        }
        reached.sort(Comparator.comparingLong(Evidence::nanos));
        begun.sort(Comparator.comparingLong(Evidence::nanos));
        for (int index = 1; index < reached.size(); index++) {
            if (reached.get(index - 1).place() > reached.get(index).place()) {
                Evidence further = reached.get(index - 1);
                reached.set(index, new Evidence(reached.get(index).nanos(), further.place(), further.call()));
            }
        }
        for (int index = begun.size() - 2; index >= 0; index--) {
            if (begun.get(index + 1).place() < begun.get(index).place()) {
                Evidence lower = begun.get(index + 1);
                begun.set(index, new Evidence(begun.get(index).nanos(), lower.place(), lower.call()));
            }
        }
    }

    private void addDelivery(HistoryLine message) {
        if (message instanceof WatchDelivered delivered) {
            long place = ofCommit(delivered.commit().commitTs().value());
            reached.add(new Evidence(delivered.nanos(), place, null));
        }
    }

    static long ofCommit(long commitTs) {
        return HALVES * commitTs;
    }

    static long ofRead(long readTs) {
        return HALVES * readTs + 1;
    }

    static long commitTsOf(long place) {
        return place / HALVES;
    }

    /** The furthest place known to have been reached before this moment; null when nothing is known. */
    @Nullable
    Evidence reachedBefore(long nanos) {
        int index = countBefore(reached, nanos);
        return index == 0 ? null : reached.get(index - 1);
    }

    /** The first commit of all that began after this moment; {@link Long#MAX_VALUE} when none did. */
    long firstCommitBegunAfter(long nanos) {
        int index = nanos == Long.MAX_VALUE ? begun.size() : countBefore(begun, nanos + 1);
        return index == begun.size() ? Long.MAX_VALUE : begun.get(index).place();
    }

    private static int countBefore(List<Evidence> evidence, long nanos) {
        int low = 0;
        int high = evidence.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (evidence.get(middle).nanos() < nanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    static @Nullable ReadPoint askedOf(Request request) {
        if (request instanceof Request.Read read) {
            return read.at();
        }
        return request instanceof Request.Scan scan ? scan.at() : null;
    }

    /** The state a read answered from; null when the call is no answered read. */
    static @Nullable CommitTs readTsOf(Call call) {
        if (!call.isOk()) {
            return null;
        }
        if (call.response() instanceof Response.Found found) {
            return found.readTs();
        }
        return call.response() instanceof Response.Scanned scanned ? scanned.readTs() : null;
    }
}
