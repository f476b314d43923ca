package io.text2video.worker.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.kernels.Libtorch;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceReportTest {
    private static final Gpu TURING = new Gpu(0, "NVIDIA GeForce RTX 2080 Ti", 11L << 30, 7, 5);
    private static final Gpu HOPPER = new Gpu(1, "NVIDIA H100", 80L << 30, 9, 0);

    @TempDir
    Path directory;

    @Test
    void shouldTellOfEveryGpu() throws Exception {
        // Given
        try (var driver = new StubDriver(directory, 0, 12080, TURING, HOPPER)) {
            // When
            var report = new DeviceReport(
                    Gpus.ofThisMachine(), new Libtorch("2.7.1", "cu128", Optional.of(Path.of("/opt/libtorch"))));

            // Then
            assertThat(report.gpus())
                    .isEqualTo("cuda:0 NVIDIA GeForce RTX 2080 Ti, 11.0 GiB, 8.3 GiB free, compute capability 7.5"
                            + " (no bf16); cuda:1 NVIDIA H100, 80.0 GiB, 60.0 GiB free, compute capability 9.0;"
                            + " the driver serves CUDA 12.8");
            assertThat(report.libtorch()).isEqualTo("2.7.1 for cu128, /opt/libtorch");
            assertThat(report.choice()).isEqualTo("--device auto takes cuda:0: NVIDIA GeForce RTX 2080 Ti is there");
        }
    }

    @Test
    void shouldTellWhyTheGpuIsNotUsed() throws Exception {
        try (var driver = new StubDriver(directory, 0, 12080, HOPPER)) {
            var report = new DeviceReport(Gpus.ofThisMachine(), new Libtorch("2.7.1", "cpu", Optional.empty()));

            assertThat(report.libtorch()).isEqualTo("2.7.1 for cpu, the one that comes with the project");
            assertThat(report.choice())
                    .startsWith(
                            "--device auto takes cpu: there is NVIDIA H100, but libtorch 2.7.1 is built for the CPU");
        }
    }

    @Test
    void shouldTellThatThereIsNoGpu() throws Exception {
        try (var driver = new StubDriver(directory, 100, 12040)) {
            assertThat(DeviceReport.ofThisMachine().gpus())
                    .startsWith("none: the NVIDIA driver refuses: cuInit: CUDA_ERROR_NO_DEVICE")
                    .endsWith("; the driver serves CUDA 12.4");
        }
    }
}
