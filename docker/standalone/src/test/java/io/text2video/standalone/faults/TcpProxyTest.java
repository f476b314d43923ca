package io.text2video.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
    private static final int PATIENCE_MS = 60_000;
    private static final int MOMENT_MS = 500;

    private ServerSocket server;
    private TcpProxy proxy;

    @BeforeEach
    void startAnEcho() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var echo = new Thread(this::echo);
        echo.setDaemon(true);
        echo.start();
        proxy = new TcpProxy(server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void shouldPassWhatIsSentBothWays() throws IOException {
        try (Socket client = connect()) {
            assertThat(echoOf(client, 7)).isEqualTo(7);
        }
    }

    @Test
    void shouldResetConnectionsThatAreCutAndTakeNewOnesOnceHealed() throws IOException {
        try (Socket client = connect()) {
            assertThat(echoOf(client, 7)).isEqualTo(7);

            proxy.cut();

            assertThatThrownBy(() -> echoOf(client, 8)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> {
                        try (Socket another = connect()) {
                            echoOf(another, 8);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        proxy.heal();
        try (Socket client = connect()) {
            assertThat(echoOf(client, 9)).isEqualTo(9);
        }
    }

    @Test
    void shouldLetNothingArriveWhileItDrops() throws IOException {
        proxy.drop();
        try (Socket client = connect()) {
            client.setSoTimeout(MOMENT_MS);
            assertThatThrownBy(() -> echoOf(client, 7)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void shouldPassEverythingLate() throws IOException {
        proxy.slow(Duration.ofMillis(20));
        try (Socket client = connect()) {
            long start = System.nanoTime();
            assertThat(echoOf(client, 7)).isEqualTo(7);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(40));
        }
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static int echoOf(Socket client, int value) throws IOException {
        client.getOutputStream().write(value);
        int echoed = client.getInputStream().read();
        if (echoed < 0) {
            throw new IOException("the connection ended");
        }
        return echoed;
    }

    private void echo() {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.getInputStream().transferTo(client.getOutputStream());
            } catch (IOException e) {
                // It was reset, as it is to be here.
            }
        }
    }
}
