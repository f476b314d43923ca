package io.text2video.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** A port that nobody listens on. Thread-safe. */
public final class FreePort {
    /** Below what Linux gives to connections that go out: one of these could take the port before it is listened on. */
    private static final int FIRST = 16_384;

    private static final int END = 32_768;
    private static final int TRIES = 100;

    /** Who was given one may take seconds to listen on it. */
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private FreePort() {}

    /** One that is free at this moment, soon to be listened on by the caller, and not given before by this process. */
    public static int find() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            try (var socket = new ServerSocket(port)) {
                if (GIVEN.add(port)) {
                    return port;
                }
            } catch (BindException taken) {
                // Another one.
            }
        }
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
