package io.statehouse.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import org.junit.jupiter.api.Test;

class SentOrNotTest {
    private final SentOrNot sending = new SentOrNot();

    private ClientStreamTracer tracer() {
        return sending.newClientStreamTracer(
                ClientStreamTracer.StreamInfo.newBuilder().build(), new Metadata());
    }

    @Test
    void aCallThatWaitsForAConnectionWasNotSent() {
        ClientStreamTracer unused = tracer();

        assertThat(sending.isSent()).isFalse();
    }

    /** Its headers may wait in a full socket for as long as the server is stopped, and be taken when it goes on. */
    @Test
    void aCallThatHasAStreamMayHaveBeenSent() {
        tracer().streamCreated(Attributes.EMPTY, new Metadata());

        assertThat(sending.isSent()).isTrue();
    }
}
