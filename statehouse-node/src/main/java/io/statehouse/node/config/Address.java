package io.statehouse.node.config;

import java.util.regex.Pattern;

/** A host and a port to listen on or to connect to. Port 0 = any free one. */
public record Address(String host, int port) {
    private static final int PORT_MAX = 65_535;
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1|\\[::1]");

    public Address {
        if (host.isEmpty()) {
            throw new ConfigException("an address has no host");
        }
        if (port < 0 || port > PORT_MAX) {
            throw new ConfigException("port " + port + " is not between 0 and " + PORT_MAX);
        }
    }

    /** Reads HOST:PORT, where the host may be an IPv6 address in brackets. */
    public static Address parse(String name, String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new ConfigException(name + " is not HOST:PORT: " + text);
        }
        try {
            return new Address(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new ConfigException(name + " is not HOST:PORT: " + text);
        } catch (ConfigException e) {
            throw new ConfigException(name + ": " + e.getMessage());
        }
    }

    boolean isLoopback() {
        return LOOPBACK.matcher(host).matches();
    }

    /** The host as sockets take it: an IPv6 address without brackets. */
    public String socketHost() {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
