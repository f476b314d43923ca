package io.text2video.standalone.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands on loopback between a server and its clients, and can be a bad network. */
final class TcpProxy implements AutoCloseable {
    private static final int CHUNK = 16 * 1024;

    /** What it does to what passes. */
    private sealed interface Network {
        record Fine() implements Network {}

        /** Connections are reset, and new ones too. */
        record Cut() implements Network {}

        /** Connections stand, and nothing arrives. */
        record Dropping() implements Network {}

        /** Each piece arrives late. */
        record Slow(Duration delay) implements Network {}
    }

    private final ServerSocket listening = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final int target;
    private volatile Network network = new Network.Fine();

    /** @param target the server's port on loopback */
    TcpProxy(int target) throws IOException {
        this.target = target;
        daemon("proxy-" + port(), this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    void cut() {
        network = new Network.Cut();
        reset();
    }

    void drop() {
        network = new Network.Dropping();
    }

    void slow(Duration delay) {
        network = new Network.Slow(delay);
    }

    /** What had lost bytes cannot go on, so it is reset. */
    void heal() {
        Network before = network;
        network = new Network.Fine();
        if (before instanceof Network.Dropping) {
            reset();
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                if (network instanceof Network.Cut) {
                    reset(client);
                } else {
                    connect(client);
                }
            } catch (IOException e) {
                // The client left again, or the proxy is closed.
            }
        }
    }

    private void connect(Socket client) {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            open.add(client);
            open.add(server);
            daemon("proxy-up-" + port(), () -> pass(client, server));
            daemon("proxy-down-" + port(), () -> pass(server, client));
        } catch (IOException e) {
            reset(client);
        }
    }

    private void pass(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[CHUNK];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                Network now = network;
                if (now instanceof Network.Slow slow) {
                    Thread.sleep(slow.delay().toMillis());
                }
                if (!(now instanceof Network.Dropping)) {
                    out.write(bytes, 0, read);
                }
            }
            to.shutdownOutput();
        } catch (IOException | InterruptedException e) {
            reset(from);
            reset(to);
        } finally {
            open.remove(from);
        }
    }

    private void reset() {
        open.forEach(this::reset);
    }

    /** Both ends see a connection that broke, and not one that ended. */
    private void reset(Socket socket) {
        open.remove(socket);
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    private static void daemon(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        reset();
    }
}
