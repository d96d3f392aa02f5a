package io.statehouse.node.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.statehouse.node.config.SpanTarget;
import io.statehouse.node.service.Trace;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends a span for each call to an OpenTelemetry collector, in the background. What the collector does not take in time is
 * dropped: no call waits for it.
 */
public final class SpanExport implements AutoCloseable {
    private static final int QUEUED_MAX = 2_048;
    private static final int BATCH_MAX = 512;
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration SEND_MAX = Duration.ofSeconds(5);
    private static final long CLOSE_SECONDS_MAX = 5;
    private static final double PERCENT = 100.0;

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
    private static final AttributeKey<String> STATUS = AttributeKey.stringKey("rpc.grpc.status");

    /** What is no fault of the node is no error of its span. */
    private static final Set<String> FAULTS = Set.of("UNKNOWN", "INTERNAL", "UNAVAILABLE", "DATA_LOSS");

    private final SdkTracerProvider provider;
    private final Tracer tracer;

    private SpanExport(SdkTracerProvider provider) {
        this.provider = provider;
        this.tracer = provider.get("io.statehouse");
    }

    /** One that sends there. Only whoever calls this loads OpenTelemetry. */
    public static SpanExport to(SpanTarget target, String node, String version) {
        var exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(target.endpoint().toString())
                .setTimeout(SEND_MAX)
                .build();
        var resource = Resource.create(Attributes.of(
                AttributeKey.stringKey("service.name"), "statehouse",
                AttributeKey.stringKey("service.instance.id"), node,
                AttributeKey.stringKey("service.version"), version));
        return new SpanExport(SdkTracerProvider.builder()
                .setResource(resource)
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(target.percent() / PERCENT)))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setMaxQueueSize(QUEUED_MAX)
                        .setMaxExportBatchSize(BATCH_MAX)
                        .setScheduleDelay(INTERVAL)
                        .setExporterTimeout(SEND_MAX)
                        .build())
                .build());
    }

    Span begin(String rpc, @Nullable Trace caller) {
        var span = tracer.spanBuilder(rpc)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute(SYSTEM, "grpc")
                .setAttribute(METHOD, rpc);
        return caller == null
                ? span.setNoParent().startSpan()
                : span.setParent(Context.root().with(Span.wrap(remote(caller)))).startSpan();
    }

    private static SpanContext remote(Trace caller) {
        return SpanContext.createFromRemoteParent(
                caller.id(),
                caller.spanId(),
                caller.isSampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                TraceState.getDefault());
    }

    static Trace trace(Span span) {
        SpanContext context = span.getSpanContext();
        int half = context.getTraceId().length() / 2;
        return new Trace(
                HexFormat.fromHexDigitsToLong(context.getTraceId(), 0, half),
                HexFormat.fromHexDigitsToLong(
                        context.getTraceId(), half, context.getTraceId().length()),
                HexFormat.fromHexDigitsToLong(context.getSpanId()),
                context.isSampled());
    }

    static void end(Span span, String status) {
        span.setAttribute(STATUS, status);
        if (FAULTS.contains(status)) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    /** Sends what waits, within a few seconds. */
    @Override
    public void close() {
        provider.shutdown().join(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    }
}
