package io.text2video.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.info.PublishedCheckpoint;
import io.text2video.worker.kernels.CpuFeatures;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightMemoryTest {
    private static final CpuFeatures WITHOUT_HALF = new CpuFeatures(Set.of("avx2"));

    /** The largest linear of 5b: what the timestep modulates is smaller than the feed-forward's. */
    private static final long LARGEST = 4L * 3072 * 3072;

    @TempDir
    Path directory;

    @Test
    void shouldCountLearnedPositionsAsConverted() throws IOException {
        // When
        WeightMemory learned = model("CogVideoX-5b-I2V", DType.F32, "none").transformer();
        WeightMemory none = model("CogVideoX-5b", DType.F32, "none").transformer();

        // Then they are in fp32, with one row for each token, beside biases and norms that both models have
        long positions = 4L * 17776 * 3072;
        assertThat(learned.own()).isBetween(positions + none.own(), positions + none.own() + (1 << 20));
        assertThat(model("CogVideoX-5b-I2V", DType.BF16, "none").transformer().own())
                .isZero();
    }

    @Test
    void shouldCountTheLargestWeightThatIsWidened() throws IOException {
        Arithmetic fp32 = Arithmetic.onCpu(DType.F32, WITHOUT_HALF);
        Arithmetic bf16 = Arithmetic.onCpu(DType.BF16, WITHOUT_HALF);
        Arithmetic gpu = Arithmetic.onGpu(DType.BF16);
        WeightMemory half = model("CogVideoX-5b", DType.BF16, "none").transformer();
        WeightMemory codes = model("CogVideoX-5b", DType.BF16, "int8wo").transformer();

        // Stored in bf16 and used in fp32, or multiplied so by a CPU that has no bf16.
        assertThat(model("CogVideoX-5b", DType.F32, "none").transformer().widened(fp32))
                .isEqualTo(4 * LARGEST);
        assertThat(half.widened(bf16)).isEqualTo(4 * LARGEST);
        assertThat(half.widened(gpu)).isZero();
        // Codes are scaled in fp32 before they are rounded to bf16.
        assertThat(codes.widened(gpu)).isEqualTo((4 + 2) * LARGEST);
        assertThat(model("CogVideoX-5b", DType.BF16, "int8").transformer().widened(gpu))
                .isZero();
    }

    private PlannedModel model(String name, DType compute, String quantization) throws IOException {
        Path parent = directory.resolve(compute + quantization + name);
        return PlannedModel.of(
                CheckpointFiles.open(
                        PublishedCheckpoint.write(parent, name, "BF16").directory()),
                compute,
                Quantization.of(quantization));
    }
}
