package io.text2video.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortTest {
    @Test
    void shouldFindOneThatNoConnectionIsGiven() throws Exception {
        int port = FreePort.find();

        assertThat(port).isBetween(16_384, 32_767);
        try (var socket = new ServerSocket(port)) {
            assertThat(socket.isBound()).isTrue();
        }
    }

    @Test
    void shouldKeepOtherProcessesFromItBeforeItIsListenedOn() throws Exception {
        int port = FreePort.find();

        assertThatThrownBy(() -> new DatagramSocket(port, InetAddress.getLoopbackAddress()))
                .isInstanceOf(BindException.class);
    }

    @Test
    void shouldGiveNoneTwice() throws Exception {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            ports.add(FreePort.find());
        }

        assertThat(ports).doesNotHaveDuplicates();
    }
}
