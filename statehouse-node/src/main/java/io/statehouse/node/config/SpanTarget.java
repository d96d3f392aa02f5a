package io.statehouse.node.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where the spans of calls are sent.
 *
 * @param endpoint of an OpenTelemetry collector, for OTLP over HTTP
 * @param percent of the traces that begin here which are sent; what a caller samples is always sent
 */
public record SpanTarget(URI endpoint, int percent) {
    private static final int PERCENT_MAX = 100;

    static @Nullable SpanTarget from(Settings settings) {
        String text = settings.text(Setting.OTEL_ENDPOINT);
        int percent = (int) settings.number(Setting.OTEL_SAMPLE_PERCENT, 0, PERCENT_MAX);
        if (text.isEmpty()) {
            return null;
        }
        try {
            URI endpoint = URI.create(text);
            if (("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
                    && endpoint.getHost() != null) {
                return new SpanTarget(endpoint, percent);
            }
        } catch (IllegalArgumentException e) {
            throw refused(settings, text);
        }
        throw refused(settings, text);
    }

    private static ConfigException refused(Settings settings, String text) {
        return new ConfigException(
                settings.name(Setting.OTEL_ENDPOINT) + " is not like http://collector:4318/v1/traces: " + text);
    }
}
