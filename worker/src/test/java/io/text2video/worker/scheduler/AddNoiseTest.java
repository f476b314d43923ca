package io.text2video.worker.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.config.PipelineConfig;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Latents mixed with noise, against what diffusers' schedulers mix. */
class AddNoiseTest {
    private static Kernels kernels;

    @BeforeAll
    static void loadKernels() throws IOException {
        kernels = Kernels.load();
    }

    @AfterAll
    static void closeKernels() {
        kernels.close();
    }

    @ParameterizedTest
    @CsvSource({
        "2b, float32", "2b, bfloat16", "2b, float16",
        "5b, float32", "5b, bfloat16", "5b, float16",
        "1.5, float32", "1.5, bfloat16", "1.5, float16",
    })
    void shouldMixTheSameBits(String kind, String dtype) throws IOException {
        Scheduler scheduler =
                Scheduler.of(PipelineConfig.read(Reference.checkpoint(kind)).scheduler());
        Reference reference = Reference.video(kind + "-add-noise");
        try (MemoryScope scope = kernels.openScope()) {
            Tensor clean = reference.stored(scope, dtype + ".clean");
            Tensor noise = reference.stored(scope, dtype + ".noise");
            for (int timestep : new int[] {999, 998, 800, 499, 35, 0}) {
                // When
                Tensor mixed = scheduler.addNoise(scope, clean, noise, timestep);

                // Then
                Tensor expected = reference.stored(scope, dtype + "." + timestep);
                double error = Reference.relativeError(
                        TensorKernels.toFloats(scope, mixed), TensorKernels.toFloats(scope, expected));
                assertThat(TensorKernels.dtype(scope, mixed)).isEqualTo(TensorKernels.dtype(scope, expected));
                assertThat(error)
                        .as("largest relative error of %s at %d", dtype, timestep)
                        .isZero();
            }
        }
    }
}
