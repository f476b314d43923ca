package io.text2video.worker.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.text2video.worker.device.Gpu;
import io.text2video.worker.device.Gpus;
import io.text2video.worker.device.StubDriver;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuMetersTest {
    private static final Gpu L4 = new Gpu(0, "NVIDIA L4", 24L << 30, 8, 9);
    private static final Gpu H200 = new Gpu(1, "NVIDIA H200", 140L << 30, 9, 0);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void shouldTellWhatIsTakenAndWhatIsFreeOfEachGpu(@TempDir Path directory) throws Exception {
        try (var driver = new StubDriver(directory, 0, 12080, L4, H200)) {
            GpuMeters.register(Gpus.ofThisMachine().found(), meters);

            // The stand-in says that a quarter is taken
            assertThat(bytes("0", "used")).isEqualTo(6L << 30);
            assertThat(bytes("0", "free")).isEqualTo(18L << 30);
            assertThat(bytes("1", "used")).isEqualTo(35L << 30);
        }
    }

    @Test
    void shouldTellNothingWhereTheDriverDoesNot(@TempDir Path directory) throws Exception {
        try (var driver = new StubDriver(directory, 100, 12080)) {
            GpuMeters.register(List.of(L4), meters);

            assertThat(bytes("0", "used")).isNaN();
        }
    }

    private double bytes(String gpu, String state) {
        return meters.get("text2video.worker.gpu.memory")
                .tags("gpu", gpu, "state", state)
                .gauge()
                .value();
    }
}
