package io.statehouse.node.http;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may call from a browser, by the headers that a page cannot choose.
 *
 * <p>A page of any site can send to this port, and a site can have its own name lead here. So the Host must be a name of this
 * node, and a page must be of this node or of an origin that the operator allows.
 */
final class Visitors {
    private static final Pattern IP_LITERAL = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:.%]+]");
    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
    private static final String ANY = "*";

    private final List<String> hosts;
    private final List<String> origins;

    /**
     * @param hosts names by which this node may be called, beside addresses and localhost
     * @param origins those of pages that may call; {@code *} = all of them, {@code null} = files
     */
    Visitors(List<String> hosts, List<String> origins) {
        this.hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
        this.origins = List.copyOf(origins);
    }

    /** Whether a Host header names this node: nobody but its owner can lead an address here. */
    boolean isOurs(@Nullable String host) {
        if (host == null || host.isEmpty()) {
            return false;
        }
        String name = PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT);
        return IP_LITERAL.matcher(name).matches()
                || name.equals("localhost")
                || name.endsWith(".localhost")
                || hosts.contains(name);
    }

    /** Whether a page may call; without the header it is no page of another site. */
    boolean isWelcome(@Nullable String origin, @Nullable String host) {
        return origin == null
                || origins.contains(ANY)
                || origins.contains(origin)
                || origin.equals("http://" + host)
                || origin.equals("https://" + host);
    }
}
