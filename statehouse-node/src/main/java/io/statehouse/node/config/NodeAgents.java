package io.statehouse.node.config;

import java.util.Arrays;
import java.util.List;

/**
 * How the agent layer is served.
 *
 * @param isStrict whether a username that is taken is an error, and a status never goes back
 * @param hosts names by which this node may be called over HTTP, beside addresses and localhost
 * @param origins those of pages that may call over HTTP; {@code *} = all, {@code null} = files
 * @param reducers the operator's own
 */
public record NodeAgents(boolean isStrict, List<String> hosts, List<String> origins, NodeReducers reducers) {
    public NodeAgents {
        hosts = List.copyOf(hosts);
        origins = List.copyOf(origins);
    }

    static NodeAgents from(Settings settings) {
        return new NodeAgents(
                settings.isOn(Setting.AGENT_STRICT),
                list(settings.text(Setting.HTTP_HOSTS)),
                list(settings.text(Setting.HTTP_ORIGINS)),
                NodeReducers.from(settings));
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
