package io.text2video.gateway.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A server on all of this machine's addresses that nobody should connect to. */
final class Canary implements AutoCloseable {
    private final ServerSocket server;

    Canary() throws IOException {
        server = new ServerSocket(0);
    }

    int port() {
        return server.getLocalPort();
    }

    /** How many connections there were since it was asked last. Its own comes after them, so that none is missed. */
    int connections() throws IOException {
        int others = 0;
        try (Socket own = new Socket(InetAddress.getLoopbackAddress(), port())) {
            for (; ; others++) {
                try (Socket accepted = server.accept()) {
                    if (accepted.getPort() == own.getLocalPort()) {
                        return others;
                    }
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
