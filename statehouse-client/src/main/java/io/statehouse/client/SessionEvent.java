package io.statehouse.client;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * One event of a session.
 *
 * @param sequenceNumber counted from 1 without a gap
 * @param type {@code user_message}, {@code tool_called}, {@code llm_response} or any other word
 * @param payload any JSON
 * @param timestamp when it was appended, by the server, unless it was imported with a time of its own
 */
public record SessionEvent(
        String sessionId, long sequenceNumber, String type, Json payload, Instant timestamp, Metadata metadata) {
    /**
     * What is told of an event beside its payload; what was not told is empty or 0.
     *
     * @param durationMillis milliseconds
     * @param costUsd exact, in US dollars
     * @param extra anything else
     */
    public record Metadata(
            String workerId,
            long tokensIn,
            long tokensOut,
            String model,
            String toolName,
            long durationMillis,
            BigDecimal costUsd,
            Map<String, String> extra) {
        public Metadata {
            extra = Map.copyOf(extra);
        }
    }
}
