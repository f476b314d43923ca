package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.model.LoraScale;
import io.text2video.worker.Reference;
import io.text2video.worker.lora.LoraFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole generations that reuse steps. */
@Tag("slow")
class StepCachePipelineTest {
    private static final double AFTER_ALL_STEPS = 1e-3;
    private static final double TINY = 1e-9;

    @TempDir
    Path directory;

    @Test
    void shouldReuseTheStepsThatTheReferenceReuses() throws IOException {
        // Given
        Reference golden = Reference.open(Reference.checkpoint("cache").resolve("cache.safetensors"));
        double threshold = Double.parseDouble(golden.metadata("cache_threshold"));
        Path file = directory.resolve("trace.safetensors");

        // When
        Generation generation;
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Reference.TINY_CHECKPOINT)) {
            generation = pipeline.trace(
                    GoldenCall.of(golden).withCacheThreshold(threshold), StepListener.NONE, FrameSink.NONE, file);
        }

        // Then
        Reference trace = Reference.open(file);
        assertThat(trace.metadata("cache_threshold")).isEqualTo(golden.metadata("cache_threshold"));
        assertThat(generation.reusedSteps()).isEqualTo(Integer.parseInt(golden.metadata("reused_steps")));
        assertThat(compared(trace)).hasSameSizeAs(compared(golden));
        Reference.assertClose("step_changes", compared(trace), compared(golden), AFTER_ALL_STEPS);
        for (int i = 0; i < 12; i++) {
            String name = "latents." + i;
            Reference.assertClose("cache " + name, trace.floats(name), golden.floats(name), AFTER_ALL_STEPS);
        }
    }

    /** DDIM and DPM; with an image; with patches over two frames. */
    @ParameterizedTest
    @ValueSource(strings = {"2b", "5b", "i2v", "1.5-i2v"})
    void shouldReuseNothingAtATinyThresholdAndByTheRuleAtALargeOne(String kind) throws IOException {
        Path file = directory.resolve("trace.safetensors");
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Reference.checkpoint(kind))) {
            // Given
            GenerationParameters call = GoldenCall.of(Reference.golden(kind));
            Drawn off = draw(pipeline, call);

            // When
            Drawn tiny = draw(pipeline, call.withCacheThreshold(TINY));
            Generation large = pipeline.trace(call.withCacheThreshold(1), StepListener.NONE, FrameSink.NONE, file);

            // Then
            assertThat(off.reusedSteps()).isZero();
            assertThat(tiny.reusedSteps()).isZero();
            assertThat(tiny.rgb()).isEqualTo(off.rgb());
            float[] changes = compared(Reference.open(file));
            assertThat(changes).hasSize(call.numInferenceSteps() - 2);
            assertThat(large.reusedSteps()).isPositive().isEqualTo(below(1, changes));
        }
    }

    @ParameterizedTest
    @CsvSource({"1.0, 0", "1.0, 1", "6.0, 0", "6.0, 1"})
    void shouldDrawTheSameAgainWithAndWithoutGuidanceAndLoras(double guidance, double lora) throws IOException {
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(
                Reference.CHECKPOINT, Map.of("ink", LoraFixture.EVERYWHERE), PipelineOptions.DEFAULT)) {
            // Given
            var loras = List.of(new LoraScale("ink", lora));
            var call = new GenerationParameters("a cat", "", 6, guidance, false, 0, 64, 80, 9, 8, 7, loras, null)
                    .withCacheThreshold(1);

            // When
            Drawn once = draw(pipeline, call);
            Drawn off = draw(pipeline, call.withCacheThreshold(0));
            Drawn again = draw(pipeline, call);

            // Then
            assertThat(once.reusedSteps()).isPositive().isEqualTo(again.reusedSteps());
            assertThat(again.rgb()).isEqualTo(once.rgb()).isNotEqualTo(off.rgb());
        }
    }

    private static Drawn draw(CogVideoXPipeline pipeline, GenerationParameters call) {
        var collected = new CollectedFrames(call);
        Generation generation = pipeline.generate(call, StepListener.NONE, collected);
        return new Drawn(generation.reusedSteps(), collected.frames().rgb());
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Drawn(int reusedSteps, byte[] rgb) {}

    private static int below(double threshold, float[] changes) {
        int count = 0;
        for (float change : changes) {
            count += change < threshold ? 1 : 0;
        }
        return count;
    }

    /** Without the steps that were not compared. */
    private static float[] compared(Reference reference) {
        float[] changes = reference.floats("step_changes");
        int count = 0;
        for (float change : changes) {
            if (!Float.isNaN(change)) {
                changes[count++] = change;
            }
        }
        return Arrays.copyOf(changes, count);
    }
}
