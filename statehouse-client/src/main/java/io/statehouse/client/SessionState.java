package io.statehouse.client;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a session comes to by the usual reducer, which is the server's too: {@code events.state} answers the same.
 *
 * @param version the number of the last event
 * @param data the latest payload of each type
 * @param lastEventAt null = there is no event
 * @param tokensIn of requests to models and their responses, and so {@code tokensOut} and {@code costUsd}
 * @param costUsd exact, in US dollars
 * @param toolCalls events of type {@code tool_called}
 * @param errors how many events tell of one
 */
public record SessionState(
        long version,
        Map<String, Json> data,
        @Nullable Instant lastEventAt,
        long eventCount,
        BigInteger tokensIn,
        BigInteger tokensOut,
        BigDecimal costUsd,
        long toolCalls,
        long errors) {
    /** The usual reducer. */
    public static final Reducer<SessionState> REDUCER = new Usual();

    public SessionState {
        data = Collections.unmodifiableMap(new TreeMap<>(data));
    }

    private static final class Usual implements Reducer<SessionState> {
        @Override
        public SessionState initial() {
            return new SessionState(0, Map.of(), null, 0, BigInteger.ZERO, BigInteger.ZERO, BigDecimal.ZERO, 0, 0);
        }

        @Override
        public SessionState apply(SessionState state, SessionEvent event) {
            Map<String, Json> data = new TreeMap<>(state.data);
            data.put(event.type(), event.payload());
            boolean isLlm = event.type().equals("llm_request") || event.type().equals("llm_response");
            SessionEvent.Metadata told = event.metadata();
            return new SessionState(
                    event.sequenceNumber(),
                    data,
                    event.timestamp(),
                    state.eventCount + 1,
                    isLlm ? state.tokensIn.add(BigInteger.valueOf(told.tokensIn())) : state.tokensIn,
                    isLlm ? state.tokensOut.add(BigInteger.valueOf(told.tokensOut())) : state.tokensOut,
                    isLlm ? state.costUsd.add(told.costUsd()) : state.costUsd,
                    state.toolCalls + (event.type().equals("tool_called") ? 1 : 0),
                    state.errors + (event.type().equals("error") ? 1 : 0));
        }
    }
}
