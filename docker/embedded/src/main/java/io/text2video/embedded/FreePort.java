package io.text2video.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;

/** A port that nobody listens on. Thread-safe. */
public final class FreePort {
    /** Below what Linux gives to connections that go out: one of these could take the port before it is listened on. */
    private static final int FIRST = 16_384;

    private static final int END = 32_768;
    private static final int TRIES = 100;

    /** Who was given one may take seconds to listen on it: as long as this process lives its UDP port tells others that it is taken. */
    private static final Queue<DatagramSocket> GIVEN = new ConcurrentLinkedQueue<>();

    private FreePort() {}

    /** One that is free at this moment, soon to be listened on by the caller, and given to nobody else by any process that lives. */
    public static int find() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            try (var socket = new ServerSocket(port)) {
                GIVEN.add(new DatagramSocket(port, InetAddress.getLoopbackAddress()));
                return port;
            } catch (BindException taken) {
                // Another one.
            }
        }
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
