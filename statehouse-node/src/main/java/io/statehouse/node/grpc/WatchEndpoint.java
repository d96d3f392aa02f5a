package io.statehouse.node.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.statehouse.node.config.NodeLimits;
import io.statehouse.node.service.WatchCursor;
import io.statehouse.node.service.WatchService;
import io.statehouse.proto.v1.ValueFormat;
import io.statehouse.proto.v1.WatchRequest;
import io.statehouse.proto.v1.WatchResponse;
import io.statehouse.proto.v1.WatchServiceGrpc;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** The call that follows what happens. */
final class WatchEndpoint extends WatchServiceGrpc.WatchServiceImplBase {
    private static final int PROGRESS_MILLIS = 5_000;
    private static final int PROGRESS_MILLIS_MIN = 100;

    private final WatchService watches;
    private final NodeLimits limits;
    private final Executor executor;
    private final Set<WatchStream> open = ConcurrentHashMap.newKeySet();

    WatchEndpoint(WatchService watches, NodeLimits limits, Executor executor) {
        this.watches = watches;
        this.limits = limits;
        this.executor = executor;
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<WatchResponse> observer) {
        var stream = (ServerCallStreamObserver<WatchResponse>) observer;
        boolean wantsStruct = request.getFormat() == ValueFormat.VALUE_FORMAT_STRUCT;
        EventMapper mapper = new EventMapper(!request.getAgentId().isEmpty(), wantsStruct, limits.responseBytesMax());
        var watch = new WatchStream(stream, mapper, executor, bounds(request));
        open.removeIf(WatchStream::isOver);
        open.add(watch);
        watch.start(open(request));
    }

    private CompletableFuture<WatchCursor> open(WatchRequest request) {
        try {
            return watches.open(
                    Calls.caller(),
                    ApiMapper.scope(request),
                    ApiMapper.filter(request.getFilter()),
                    ApiMapper.start(request));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Ends every watch, so that its reader goes on at another node. */
    void stop() {
        open.forEach(WatchStream::stop);
    }

    private WatchStream.Bounds bounds(WatchRequest request) {
        int asked = request.getProgressIntervalMs();
        Duration progress = Duration.ofMillis(asked == 0 ? PROGRESS_MILLIS : Math.max(PROGRESS_MILLIS_MIN, asked));
        return new WatchStream.Bounds(
                limits.responseBytesMax(), progress, limits.watchStallMax(), limits.callTimeout());
    }
}
