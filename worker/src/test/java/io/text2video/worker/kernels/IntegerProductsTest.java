package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IntegerProductsTest {
    /** What x86 multiplies int8 with; without one of them it takes a loop. */
    private static final Set<String> INT8 = Set.of("avx512_vnni", "avx_vnni", "amx_int8");

    @Test
    void shouldFindTheSameHoweverBusyTheMachineIs() throws Exception {
        assumeThat(System.getProperty("os.arch")).isEqualTo("amd64");
        boolean has = CpuFeatures.ofThisMachine().flags().stream().anyMatch(INT8::contains);

        // Given a machine on which everything waits
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
                assertThat(IntegerProducts.probe().ofUse()).isEqualTo(has);
            }
        } finally {
            for (Thread thread : busy) {
                thread.interrupt();
                thread.join();
            }
        }
    }
}
