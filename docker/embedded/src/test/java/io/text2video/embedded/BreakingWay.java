package io.text2video.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;

/** A way to a server that breaks for good after so many bytes to it, in the middle of whatever is under way. */
final class BreakingWay implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final URI server;
    private final AtomicLong left;

    BreakingWay(URI server, long bytes) throws IOException {
        this.server = server;
        left = new AtomicLong(bytes);
        start(this::accept);
    }

    String endpoint() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                var target = new Socket(server.getHost(), server.getPort() < 0 ? 80 : server.getPort());
                start(() -> copy(client, target, left));
                start(() -> copy(target, client, new AtomicLong(Long.MAX_VALUE)));
            }
        } catch (IOException closed) {
            // Nobody comes any more.
        }
    }

    private static void copy(Socket from, Socket to, AtomicLong left) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[64 << 10];
            for (int read = in.read(buffer); read >= 0 && left.addAndGet(-read) > 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException broken) {
            // As one direction ends, so does the other.
        }
    }

    private static void start(Runnable task) {
        var thread = new Thread(task, "breaking-way");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
