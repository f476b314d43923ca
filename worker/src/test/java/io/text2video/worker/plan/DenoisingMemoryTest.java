package io.text2video.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.info.PublishedCheckpoint;
import io.text2video.worker.kernels.CpuFeatures;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.quantization.Quantization;
import io.text2video.worker.quantization.Scheme;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Added up by hand, for published models at their own size. */
class DenoisingMemoryTest {
    private static final CpuFeatures WITH_BF16 = new CpuFeatures(Set.of("avx512f", "avx512bw", "avx512dq", "avx512vl"));
    private static final CpuFeatures WITHOUT_BF16 = new CpuFeatures(Set.of("avx2"));
    private static final Rung SLICED = new Rung(Set.of(Saving.FEED_FORWARD_SLICES));
    private static final long SCORES = 32L << 20;

    private static final long TEXT = 226;
    private static final long VIDEO = 13 * 30 * 45;
    private static final long TOKENS = TEXT + VIDEO;
    private static final long LATENTS = 4L * 8 * 13 * 16 * 60 * 90;

    @TempDir
    Path directory;

    private Extent two;
    private Extent five;
    private Extent fifteen;

    @BeforeEach
    void read() throws IOException {
        two = extent("CogVideoX-2b", 480, 720, 49);
        five = extent("CogVideoX-5b", 480, 720, 49);
        fifteen = extent("CogVideoX1.5-5B", 768, 1360, 81);
    }

    @Test
    void shouldCountTheFeedForwardAndPositionsThatAreAdded() {
        long bytes = bytes(two, Arithmetic.onCpu(DType.F32, WITHOUT_BF16), Scheme.NONE, true, Rung.WHOLE);

        assertThat(bytes).isEqualTo(4 * 8 * 2 * TOKENS * 1920 + SCORES + LATENTS + 4 * VIDEO * 1920);
    }

    @Test
    void shouldHoldNoMoreThanAttentionWhereQueriesAreTurned() {
        // Given one video in bf16 and no feed-forward that would take more
        Arithmetic bf16 = Arithmetic.onCpu(DType.BF16, WITH_BF16);

        // When
        long alone = bytes(five, bf16, Scheme.NONE, false, SLICED);
        long guided = bytes(five, bf16, Scheme.NONE, true, SLICED);

        // Then one video in fp32 takes as much as values and result of one; of two, less
        long beside = SCORES + LATENTS + 4 * VIDEO * 64;
        long stream = 2 * TOKENS * 3072;
        assertThat(alone).isEqualTo(6 * stream + beside);
        assertThat(guided).isEqualTo(6 * 2 * stream + beside);
        System.out.printf(
                "5b in bf16, sliced: %.2f GB, guided %.2f GB; 1.5 guided %.2f GB%n",
                alone / 1e9, guided / 1e9, bytes(fifteen, bf16, Scheme.NONE, true, SLICED) / 1e9);
    }

    @Test
    void shouldCountWhatIsWidenedWhereACpuHasNoBf16() {
        Arithmetic widened = Arithmetic.onCpu(DType.BF16, WITHOUT_BF16);

        long whole = bytes(five, widened, Scheme.NONE, true, Rung.WHOLE);
        long sliced = bytes(five, widened, Scheme.NONE, true, SLICED);

        // The inner tensor stands beside itself in fp32, and its product is fp32 before it is rounded: 3·2 + 4·2 + 4·4
        // + 4.
        long width = 2 * TOKENS * 3072;
        long beside = SCORES + LATENTS + 4 * VIDEO * 64;
        assertThat(whole).isEqualTo(34 * width + beside);
        // Where values are multiplied: four tensors of two bytes, their input and their result in fp32.
        assertThat(sliced).isEqualTo(16 * width + beside);
        assertThat(whole)
                .isGreaterThan(bytes(five, Arithmetic.onCpu(DType.F32, WITHOUT_BF16), Scheme.NONE, true, Rung.WHOLE));
    }

    @Test
    void shouldCountCodesAndSlicesOfSumsOnAGpu() {
        Arithmetic gpu = Arithmetic.onGpu(DType.BF16);

        long floats = bytes(five, gpu, Scheme.NONE, true, Rung.WHOLE);
        long rounded = bytes(five, gpu, Scheme.INT8, true, Rung.WHOLE);

        long rows = 2 * TOKENS;
        long beside = LATENTS + 4 * VIDEO * 64;
        assertThat(floats).isEqualTo(2 * 8 * rows * 3072 + beside);
        // The product back to the width: codes of the inner tensor, the result, and two slices of sums.
        long inner = 4 * 3072;
        assertThat(rounded).isEqualTo(2 * 7 * rows * 3072 + rows * inner + 2 * rows * 3072 + (2L << 28) + beside);
    }

    @Test
    void shouldKeepMoreForACacheOfSteps() {
        Arithmetic gpu = Arithmetic.onGpu(DType.F16);
        var memory = new DenoisingMemory(two, gpu, Scheme.NONE);

        assertThat(memory.bytes(true, true, Rung.WHOLE) - memory.bytes(true, false, Rung.WHOLE))
                .isEqualTo(2 * 2 * 2 * TOKENS * 1920);
    }

    private static long bytes(Extent video, Arithmetic arithmetic, Scheme scheme, boolean guided, Rung rung) {
        return new DenoisingMemory(video, arithmetic, scheme).bytes(guided, false, rung);
    }

    private Extent extent(String name, int height, int width, int frames) throws IOException {
        Path checkpoint =
                PublishedCheckpoint.write(directory.resolve(name), name, "BF16").directory();
        return PlannedModel.of(CheckpointFiles.open(checkpoint), DType.BF16, Quantization.NONE)
                .extent(height, width, frames);
    }
}
