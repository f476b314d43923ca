package io.text2video.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port that nobody listens on. */
public final class FreePort {
    /** Below what Linux gives to connections that go out: one of these could take the port before it is listened on. */
    private static final int FIRST = 16_384;

    private static final int END = 32_768;
    private static final int TRIES = 100;

    private FreePort() {}

    /** One that is free at this moment, and soon to be listened on by the caller. */
    public static int find() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            try (var socket = new ServerSocket(ThreadLocalRandom.current().nextInt(FIRST, END))) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // Another one.
            }
        }
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
