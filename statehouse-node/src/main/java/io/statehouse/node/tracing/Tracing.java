package io.statehouse.node.tracing;

import io.opentelemetry.api.trace.Span;
import io.statehouse.node.service.Trace;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Gives every call the trace its caller sent, or one of its own; and a span, where spans are exported. */
public final class Tracing implements AutoCloseable {
    private static final long MIX_FIRST = 0xbf58476d1ce4e5b9L;
    private static final long MIX_SECOND = 0x94d049bb133111ebL;
    private static final int SHIFT_FIRST = 30;
    private static final int SHIFT_SECOND = 27;
    private static final int SHIFT_THIRD = 31;

    private final long node;
    private final AtomicLong next;
    private final @Nullable SpanExport export;

    /**
     * With or without an export.
     *
     * @param random asked here and never again: ids of this node differ by a count from then on
     */
    public Tracing(RandomGenerator random, @Nullable SpanExport export) {
        this.node = random.nextLong() | 1;
        this.next = new AtomicLong(random.nextLong());
        this.export = export;
    }

    /** A call being served. */
    public static final class Served {
        private final Trace trace;
        private final @Nullable Span span;

        private Served(Trace trace, @Nullable Span span) {
            this.trace = trace;
            this.span = span;
        }

        /** What the call and all that is done for it is called. */
        public Trace trace() {
            return trace;
        }

        /** It has ended, with the name of a gRPC status. */
        public void end(String status) {
            if (span != null) {
                SpanExport.end(span, status);
            }
        }
    }

    /**
     * A call begins.
     *
     * @param rpc the full name of its method
     * @param traceparent the header of that name; null = there is none
     */
    public Served begin(String rpc, @Nullable String traceparent) {
        Trace sent = Trace.parse(traceparent);
        if (export == null) {
            return new Served(sent == null ? fresh() : sent, null);
        }
        Span span = export.begin(rpc, sent);
        return new Served(SpanExport.trace(span), span);
    }

    private Trace fresh() {
        long id = mixed(next.incrementAndGet());
        return new Trace(node, id, id | 1, false);
    }

    /** Spreads a count over all bits, as SplittableRandom does: who samples by the id's last bits must get a fair share. */
    private static long mixed(long count) {
        long mixed = (count ^ (count >>> SHIFT_FIRST)) * MIX_FIRST;
        mixed = (mixed ^ (mixed >>> SHIFT_SECOND)) * MIX_SECOND;
        return mixed ^ (mixed >>> SHIFT_THIRD);
    }

    @Override
    public void close() {
        if (export != null) {
            export.close();
        }
    }
}
