package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.weights.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline against what diffusers computed from the same call. */
class PipelineParityTest {
    private static final double AFTER_ALL_STEPS = 1e-3;
    private static final double DECIBELS = 60;

    private final Reference golden = Reference.golden();

    @TempDir
    Path directory;

    @Test
    void shouldComputeWhatTheReferenceComputes() throws IOException {
        // Given
        GenerationParameters call = new GenerationParameters(
                golden.metadata("prompt"),
                golden.metadata("negative_prompt"),
                Integer.parseInt(golden.metadata("steps")),
                Double.parseDouble(golden.metadata("guidance_scale")),
                Boolean.parseBoolean(golden.metadata("use_dynamic_cfg")),
                0,
                Integer.parseInt(golden.metadata("height")),
                Integer.parseInt(golden.metadata("width")),
                Integer.parseInt(golden.metadata("num_frames")),
                8,
                Long.parseLong(golden.metadata("seed")),
                List.of(),
                null);
        Path file = directory.resolve("trace.safetensors");

        // When
        Frames frames;
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Reference.CHECKPOINT)) {
            frames = pipeline.trace(call, StepListener.NONE, file).frames();
        }

        // Then
        Reference trace = Reference.open(file);
        assertThat(trace.longs("input_ids")).isEqualTo(golden.longs("input_ids"));
        assertThat(trace.floats("pipeline_noise.0")).isEqualTo(golden.floats("pipeline_noise.0"));
        for (TensorInfo expected : golden.tensors().values()) {
            if (!expected.name().startsWith("vae_")) {
                TensorInfo actual = trace.tensors().get(expected.name());
                assertThat(actual).as(expected.name()).isNotNull();
                assertThat(actual.dtype()).as(expected.name()).isEqualTo(expected.dtype());
                assertThat(actual.shape()).as(expected.name()).isEqualTo(expected.shape());
            }
        }
        for (int i = 0; i < call.numInferenceSteps(); i++) {
            assertClose(trace, "noise_pred." + i);
            assertClose(trace, "latents." + i);
        }
        double psnr = psnr(frames, golden.floats("frames"));
        System.out.printf("frames                   %.1f dB%n", psnr);
        assertThat(psnr(trace.floats("frames"), golden.floats("frames"))).isGreaterThanOrEqualTo(DECIBELS);
        assertThat(mostRounded(frames, golden.floats("frames"))).isLessThanOrEqualTo(1);
    }

    private void assertClose(Reference trace, String name) {
        Reference.assertClose(name, trace.floats(name), golden.floats(name), AFTER_ALL_STEPS);
    }

    /** Of values in [0, 1]. */
    private static double psnr(float[] actual, float[] expected) {
        double squares = 0;
        for (int i = 0; i < expected.length; i++) {
            squares += Math.pow(actual[i] - expected[i], 2);
        }
        return 10 * Math.log10(expected.length / squares);
    }

    /** Against the reference rounded to bytes in the same way; infinite where every byte is equal. */
    private static double psnr(Frames frames, float[] expected) {
        float[] actual = new float[expected.length];
        float[] rounded = new float[expected.length];
        for (int i = 0; i < expected.length; i++) {
            actual[i] = (frames.rgb()[indexInFrames(i, frames)] & 0xFF) / 255f;
            rounded[i] = (float) Math.rint(expected[i] * 255) / 255f;
        }
        return psnr(actual, rounded);
    }

    private static int mostRounded(Frames frames, float[] expected) {
        int most = 0;
        for (int i = 0; i < expected.length; i++) {
            int actual = frames.rgb()[indexInFrames(i, frames)] & 0xFF;
            most = Math.max(most, Math.abs(actual - (int) Math.rint(expected[i] * 255)));
        }
        return most;
    }

    /** From [F, 3, H, W] to [F, H, W, 3]. */
    private static int indexInFrames(int i, Frames frames) {
        int pixels = frames.height() * frames.width();
        int frame = i / (3 * pixels);
        int channel = i / pixels % 3;
        return (frame * pixels + i % pixels) * 3 + channel;
    }
}
