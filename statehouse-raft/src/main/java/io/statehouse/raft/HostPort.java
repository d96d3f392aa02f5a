package io.statehouse.raft;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** A network address as members write it, {@code host:port}; an IPv6 host stands in brackets. */
record HostPort(String host, int port) {
    private static final int PORT_MAX = 65_535;

    static HostPort parse(String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 1) {
            throw new StartRefusedException(ExitCode.BAD_CONFIGURATION, "address '" + address + "' is not host:port");
        }
        String host = address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return new HostPort(host, parsePort(address, address.substring(colon + 1)));
    }

    /** Whether a server could listen here now. */
    boolean isFree() {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int parsePort(String address, String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (port > 0 && port <= PORT_MAX) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new StartRefusedException(
                    ExitCode.BAD_CONFIGURATION, "the port in address '" + address + "' is no number", e);
        }
        throw new StartRefusedException(
                ExitCode.BAD_CONFIGURATION, "the port in address '" + address + "' is not in 1.." + PORT_MAX);
    }
}
