package io.statehouse.client;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a node's API is reached. */
record Endpoint(String host, int port) {
    static final int PORT_DEFAULT = 50_051;

    private static final int PORT_MAX = 65_535;
    private static final Pattern FORM =
            Pattern.compile("(?:[a-zA-Z][a-zA-Z0-9+.-]*://)?(\\[[^\\]/]+\\]|[^:/\\[\\]\\s]+)(?::([0-9]{1,5}))?/?");

    /** Reads {@code host}, {@code host:port}, {@code [v6]:port}, each with or without a scheme before it. */
    static Endpoint parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("endpoint '" + text + "' is not of the form host:port");
        }
        int port = form.group(2) == null ? PORT_DEFAULT : Integer.parseInt(form.group(2));
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("endpoint '" + text + "' has a port outside 1 to " + PORT_MAX);
        }
        return new Endpoint(form.group(1), port);
    }

    static List<Endpoint> parseList(String text) {
        return Arrays.stream(text.split(",", -1))
                .filter(part -> !part.isBlank())
                .map(Endpoint::parse)
                .distinct()
                .toList();
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
