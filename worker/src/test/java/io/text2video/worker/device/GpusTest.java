package io.text2video.worker.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the driver is asked, and what is made of its answers, with stand-ins for the driver. */
class GpusTest {
    private static final Gpu TURING = new Gpu(0, "NVIDIA GeForce RTX 2080 Ti", 11L << 30, 7, 5);
    private static final Gpu AMPERE = new Gpu(1, "NVIDIA GeForce RTX 3090", 24L << 30, 8, 6);
    private static final Gpu HOPPER = new Gpu(2, "NVIDIA H100 80GB HBM3", 85_520_809_984L, 9, 0);

    @TempDir
    Path directory;

    @Test
    void shouldListGpusInTheDriversOrder() throws Exception {
        // Given
        try (var driver = new StubDriver(directory, 0, 12080, TURING, AMPERE, HOPPER)) {
            // When
            Gpus gpus = Gpus.ofThisMachine();

            // Then
            assertThat(gpus.found()).containsExactly(TURING, AMPERE, HOPPER);
            assertThat(gpus.driver()).hasValue("12.8");
            assertThat(gpus.reason()).isEmpty();
            assertThat(gpus.at(1)).hasValue(AMPERE);
            assertThat(gpus.at(3)).isEmpty();
            assertThat(gpus.found()).extracting(Gpu::capability).containsExactly("7.5", "8.6", "9.0");
        }
    }

    @Test
    void shouldTellFreeMemoryOfEachAndGiveItsContextBack() throws Exception {
        // Given
        try (var driver = new StubDriver(directory, 0, 12080, TURING, AMPERE, HOPPER)) {
            for (Gpu gpu : Gpus.ofThisMachine().found()) {
                // When, Then: the stand-in would refuse a second one where the first still held its context
                assertThat(Gpus.memory(gpu)).hasValue(new GpuMemory(gpu.memory() / 4 * 3, gpu.memory()));
            }
        }
    }

    @Test
    void shouldTellWhyThereIsNone() throws Exception {
        try (var driver = new StubDriver(directory, 100, 12040)) {
            // When
            Gpus gpus = Gpus.ofThisMachine();

            // Then
            assertThat(gpus.found()).isEmpty();
            assertThat(gpus.driver()).hasValue("12.4");
            assertThat(gpus.reason()).hasValueSatisfying(reason -> assertThat(reason)
                    .startsWith("the NVIDIA driver refuses: cuInit: CUDA_ERROR_NO_DEVICE,"
                            + " no CUDA-capable device is detected"));
            assertThat(Gpus.memory(AMPERE)).isEmpty();
        }
    }

    @Test
    void shouldTellErrorsThatTheDriverHasNoNameFor() throws Exception {
        try (var driver = new StubDriver(directory, 803, 11040, AMPERE)) {
            assertThat(Gpus.ofThisMachine().reason()).hasValue("the NVIDIA driver refuses: cuInit: error 803");
        }
    }

    @Test
    void shouldTellThatTheListIsEmpty() throws Exception {
        try (var driver = new StubDriver(directory, 0, 12080)) {
            assertThat(Gpus.ofThisMachine().reason())
                    .hasValueSatisfying(reason -> assertThat(reason).startsWith("the NVIDIA driver lists no GPU"));
        }
    }

    @Test
    void shouldTellThatThereIsNoDriver() throws Exception {
        // Given: no library at all, as on most machines
        try (var driver = new StubDriver(directory, 0, 12080)) {
            Files.delete(Path.of(System.setProperty(
                    CudaDriver.PROPERTY, directory.resolve("nowhere.so").toString())));

            // When
            Gpus gpus = Gpus.ofThisMachine();

            // Then
            assertThat(gpus.reason()).hasValue("no NVIDIA driver: libcuda.so.1 is not here");
            assertThat(gpus.driver()).isEmpty();
            assertThat(Gpus.memory(TURING)).isEmpty();
        }
    }

    @Test
    void shouldKnowWhichMultiplyBf16() {
        assertThat(TURING.multipliesBf16()).isFalse();
        assertThat(AMPERE.multipliesBf16()).isTrue();
        assertThat(HOPPER.multipliesBf16()).isTrue();
    }
}
