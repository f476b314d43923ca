package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.weights.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole pipeline against what diffusers computed from the same call. */
class PipelineParityTest {
    private static final double AFTER_ALL_STEPS = 1e-3;
    private static final double DECIBELS = 60;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"2b", "5b", "1.5", "i2v", "1.5-i2v"})
    void shouldComputeWhatTheReferenceComputes(String kind) throws IOException {
        // Given
        Reference golden = Reference.golden(kind);
        GenerationParameters call = GoldenCall.of(golden);
        Path file = directory.resolve("trace.safetensors");

        // When
        Frames frames;
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Reference.checkpoint(kind))) {
            var collected = new CollectedFrames(call);
            pipeline.trace(call, StepListener.NONE, collected, file);
            frames = collected.frames();
        }

        // Then
        Reference trace = Reference.open(file);
        assertThat(trace.longs("input_ids")).isEqualTo(golden.longs("input_ids"));
        for (TensorInfo expected : golden.tensors().values()) {
            if (!expected.name().startsWith("vae_")) {
                TensorInfo actual = trace.tensors().get(expected.name());
                assertThat(actual).as(expected.name()).isNotNull();
                assertThat(actual.dtype()).as(expected.name()).isEqualTo(expected.dtype());
                assertThat(actual.shape()).as(expected.name()).isEqualTo(expected.shape());
                if (expected.name().contains("_noise.")) {
                    assertThat(trace.floats(expected.name()))
                            .as(expected.name())
                            .isEqualTo(golden.floats(expected.name()));
                }
            }
        }
        assertThat(draws(trace)).as("draws").isEqualTo(draws(golden));
        for (int i = 0; i < call.numInferenceSteps(); i++) {
            assertClose(kind, trace, golden, "noise_pred." + i);
            assertClose(kind, trace, golden, "latents." + i);
        }
        double psnr = psnr(frames, golden.floats("frames"));
        System.out.printf("%-24s %.1f dB%n", kind + " frames", psnr);
        assertThat(psnr(trace.floats("frames"), golden.floats("frames"))).isGreaterThanOrEqualTo(DECIBELS);
        assertThat(mostRounded(frames, golden.floats("frames"))).isLessThanOrEqualTo(1);
    }

    private static Set<String> draws(Reference reference) {
        return reference.tensors().keySet().stream()
                .filter(name -> name.startsWith("pipeline_noise.") || name.startsWith("scheduler_noise."))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void assertClose(String kind, Reference trace, Reference golden, String name) {
        Reference.assertClose(kind + " " + name, trace.floats(name), golden.floats(name), AFTER_ALL_STEPS);
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
