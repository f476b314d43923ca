package io.text2video.standalone.fleet;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports that a fleet is to listen on. */
final class Ports {
    private Ports() {}

    /**
     * Tries to listen, so that what is in the way is known before anything has started.
     *
     * @param option that names the port
     * @param port 0 for any free one, of which there always is one
     * @throws IOException when it cannot be listened on, with the reason and the way out
     */
    static void requireFree(String option, String host, int port) throws IOException {
        var address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("--host %s is no address of this machine".formatted(host));
        }
        try (var socket = new ServerSocket()) {
            socket.bind(address);
        } catch (IOException e) {
            throw new IOException(
                    "port %d of %s cannot be listened on: %s; %s names another, or 0 for any free one"
                            .formatted(port, host, e.getMessage(), option),
                    e);
        }
    }
}
