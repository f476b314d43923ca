package io.text2video.embedded;

import java.io.IOException;
import java.net.ServerSocket;

/** A port that nobody listens on. */
public final class FreePort {
    private FreePort() {}

    /** One that is free at this moment, and soon to be listened on by the caller. */
    public static int find() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
