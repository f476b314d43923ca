package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntegerProductsTest {
    @Test
    void shouldFindTheSameHoweverBusyTheMachineIs() throws Exception {
        // Given what is found, and then a machine on which everything waits
        IntegerProducts.Found found = IntegerProducts.probe();
        List<Thread> busy = new ArrayList<>();
        for (int i = 0; i < 8 * Runtime.getRuntime().availableProcessors(); i++) {
            var thread = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
            });
            thread.setDaemon(true);
            thread.start();
            busy.add(thread);
        }

        // Then
        try {
            for (int i = 0; i < 5; i++) {
                assertThat(IntegerProducts.probe()).isEqualTo(found);
            }
        } finally {
            for (Thread thread : busy) {
                thread.interrupt();
                thread.join();
            }
        }
    }
}
