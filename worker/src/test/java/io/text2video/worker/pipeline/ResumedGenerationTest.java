package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.kernels.OutOfMemoryException;
import io.text2video.worker.plan.MemorySize;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A generation that is stopped and gone on with by another pipeline comes to the very bytes of one that is not. */
@Tag("slow")
class ResumedGenerationTest {
    @ParameterizedTest
    @CsvSource({
        "tiny, FP32, 50, 0.0, 37",
        "tiny, FP32, 50, 0.0, 50",
        "tiny, FP32, 50, 0.2, 12",
        "tiny, FP32, 50, 0.2, 37",
        "tiny, FP32, 50, 0.2, 49",
        "tiny, BF16, 12, 0.0, 8",
        "2b, FP32, 12, 1.0, 8",
        "5b, FP32, 50, 0.0, 37",
        "5b, FP32, 12, 0.0, 1",
        "5b, FP32, 12, 0.0, 11",
        "5b, FP32, 12, 0.0, 12",
        "5b, FP32, 12, 1.0, 7",
        "5b, BF16, 12, 0.0, 7",
        "5b, FP16, 12, 0.0, 7",
        "1.5, FP32, 12, 0.0, 7",
        "i2v, FP32, 12, 0.0, 1",
        "i2v, FP32, 12, 0.0, 7",
        "i2v, FP32, 12, 0.0, 12",
        "i2v, FP32, 12, 1.0, 7",
        "1.5-i2v, FP32, 12, 0.0, 7",
    })
    void shouldComeToTheSameBytes(String kind, ComputeType type, int steps, double threshold, int stop)
            throws IOException {
        // Given a whole generation, and one that was stopped
        GenerationParameters call = call(kind, steps).withCacheThreshold(threshold);
        Whole atOnce = whole(kind, type, call);
        KeptStates whole = atOnce.states();
        TracedGeneration expected = atOnce.generation();
        var states = new KeptStates();
        try (CogVideoXPipeline pipeline = load(kind, type)) {
            assertThatThrownBy(() -> TracedGeneration.of(pipeline, call, states, states.stopAfter(stop)))
                    .isInstanceOf(CancellationException.class);
        }
        states.only().forEach((step, file) -> assertThat(file)
                .as("state after step %d", step)
                .isEqualTo(whole.only().getOrDefault(step, file)));

        // When
        TracedGeneration resumed;
        try (CogVideoXPipeline pipeline = load(kind, type)) {
            resumed = TracedGeneration.of(pipeline, call, states, states.stopAfter(Integer.MAX_VALUE));
        }

        // Then
        int from = states.resumed.get(0);
        System.out.printf(
                "%-8s %s cache %.1f stopped after %d of %d, gone on after %d, %d steps taken%n",
                kind, type, threshold, stop, steps, from, resumed.steps());
        assertThat(resumed.steps()).isEqualTo(steps - from);
        if (threshold == 0) {
            assertThat(from).isEqualTo(stop);
        } else {
            assertThat(reusedBetween(expected, from + 1, stop))
                    .as("computed again")
                    .isTrue();
        }
        for (int step = from; step < steps; step++) {
            assertSame(expected, resumed, "latents." + step);
            assertSame(expected, resumed, "noise_pred." + step);
        }
        assertSame(expected, resumed, "frames");
        assertThat(resumed.rgb()).isEqualTo(expected.rgb());
        assertThat(resumed.generation().reusedSteps())
                .isEqualTo(expected.generation().reusedSteps());
        assertThat(states.only().get(steps)).isEqualTo(whole.only().get(steps));
        assertThat(states.told).startsWith(from).endsWith(steps);
    }

    /** A generation that nothing has stopped, and what it kept. */
    private record Whole(
            String kind, ComputeType type, GenerationParameters call, KeptStates states, TracedGeneration generation) {}

    /** The last one: cases of one generation follow each other. */
    private static Whole last;

    private static Whole whole(String kind, ComputeType type, GenerationParameters call) throws IOException {
        if (last == null || !last.kind.equals(kind) || last.type != type || !last.call.equals(call)) {
            var states = new KeptStates();
            try (CogVideoXPipeline pipeline = load(kind, type)) {
                last = new Whole(kind, type, call, states, TracedGeneration.of(pipeline, call, states, states));
            }
        }
        return last;
    }

    @AfterAll
    static void forget() {
        last = null;
    }

    /** What is killed saves nothing more: what was saved at the last due step counts. */
    @ParameterizedTest
    @CsvSource({"37, 35", "34, 30", "6, 5"})
    void shouldRepeatFewerStepsThanLieBetweenTwoStates(int kill, int from) throws IOException {
        // Given
        GenerationParameters call = TinyCheckpointTest.call(50, 7);
        var states = new KeptStates();
        try (CogVideoXPipeline pipeline = load("tiny", ComputeType.FP32)) {
            assertThatThrownBy(() -> TracedGeneration.of(pipeline, call, states, states.dieAfter(kill)))
                    .isInstanceOf(CancellationException.class);
        }

        // When another pipeline goes on, and is killed in its turn
        try (CogVideoXPipeline pipeline = load("tiny", ComputeType.FP32)) {
            assertThatThrownBy(() -> TracedGeneration.of(pipeline, call, states, states.dieAfter(kill + 1)))
                    .isInstanceOf(CancellationException.class);
        }

        // Then
        assertThat(states.resumed).containsExactly(from);
        assertThat(states.told.get(0)).isEqualTo(from);
        assertThat(kill - from).isLessThan(KeptStates.EVERY);
    }

    /** Rungs that draw the same latents to the bit are one computation. */
    @ParameterizedTest
    @ValueSource(strings = {"tiny", "2b", "5b", "1.5", "i2v"})
    void shouldGoOnWithGuidanceInTwoPassesToTheSameBytes(String kind) throws IOException {
        GenerationParameters call = call(kind, 12);
        Rung passes = Rung.WHOLE.with(Saving.GUIDANCE_PASSES).with(Saving.TEXT_ENCODER_RELEASED);
        try (CogVideoXPipeline pipeline = load(kind, ComputeType.FP32)) {
            // Given
            TracedGeneration expected = TracedGeneration.of(pipeline, call, Checkpoints.NONE, StepListener.NONE);
            var states = new KeptStates();
            assertThatThrownBy(() -> TracedGeneration.of(pipeline, call, states, states.stopAfter(7)))
                    .isInstanceOf(CancellationException.class);

            // When
            states.stopAfter(Integer.MAX_VALUE);
            TracedGeneration resumed = TracedGeneration.of(pipeline, call, passes, states, states);

            // Then
            assertThat(states.resumed).containsExactly(7);
            assertSame(expected, resumed, "latents.11");
            assertThat(resumed.rgb()).isEqualTo(expected.rgb());
        }
    }

    @Test
    void shouldNotGoOnWithSlicesThatAreRoundedOtherwise() throws IOException {
        GenerationParameters call = call("tiny", 12);
        try (CogVideoXPipeline pipeline = load("tiny", ComputeType.FP32)) {
            // Given
            var states = new KeptStates();
            assertThatThrownBy(() -> TracedGeneration.of(pipeline, call, states, states.stopAfter(7)))
                    .isInstanceOf(CancellationException.class);

            // When
            states.stopAfter(Integer.MAX_VALUE);
            Rung slices = Rung.WHOLE.with(Saving.FEED_FORWARD_SLICES);
            TracedGeneration again = TracedGeneration.of(pipeline, call, slices, states, states);

            // Then
            assertThat(states.resumed).isEmpty();
            assertThat(again.steps()).isEqualTo(12);
        }
    }

    @Test
    void shouldGoOnFromItsOwnStateWhereMemoryRanOut() throws IOException {
        GenerationParameters call = call("tiny", 12);
        var options = new PipelineOptions(
                Optional.of(ComputeType.FP32), Optional.empty(), false, Optional.of(MemorySize.of("3GiB")));
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Reference.TINY_CHECKPOINT, Map.of(), options)) {
            // Given a step that memory runs out at, where the next smaller way is to decode in tiles
            byte[] expected = TracedGeneration.of(
                            pipeline, call, Rung.WHOLE.with(Saving.VAE_TILES), Checkpoints.NONE, StepListener.NONE)
                    .rgb();
            var states = new KeptStates();
            StepListener once = (step, steps) -> {
                states.onStep(step, steps);
                if (step == 8 && states.resumed.isEmpty()) {
                    throw new OutOfMemoryException("joint_attention: there is no more", null);
                }
            };

            // When
            var frames = new CollectedFrames(call);
            pipeline.generate(call, states, Interruption.NONE, once, frames);

            // Then
            assertThat(states.told).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8, 9, 10, 11, 12);
            assertThat(frames.frames().rgb()).isEqualTo(expected);
        }
    }

    /** Whether none of these steps was computed whole, counted from 0. */
    private static boolean reusedBetween(TracedGeneration generation, int from, int end) {
        var changes = generation.tensors().get("step_changes").asFloatBuffer();
        for (int step = from; step < end; step++) {
            if (!(changes.get(step) < 1)) {
                return false;
            }
        }
        return true;
    }

    private static void assertSame(TracedGeneration expected, TracedGeneration actual, String name) {
        ByteBuffer bytes = actual.tensors().get(name);
        assertThat(bytes).as(name).isNotNull().isEqualTo(expected.tensors().get(name));
    }

    private static GenerationParameters call(String kind, int steps) {
        if (kind.equals("tiny")) {
            return TinyCheckpointTest.call(steps, 7);
        }
        GenerationParameters call = GoldenCall.of(Reference.golden(kind));
        return new GenerationParameters(
                call.prompt(),
                call.negativePrompt(),
                steps,
                call.guidanceScale(),
                call.useDynamicCfg(),
                call.eta(),
                call.height(),
                call.width(),
                9,
                call.fps(),
                call.seed(),
                List.of(),
                call.image());
    }

    private static CogVideoXPipeline load(String kind, ComputeType type) throws IOException {
        Path directory = kind.equals("tiny") ? Reference.TINY_CHECKPOINT : Reference.checkpoint(kind);
        return CogVideoXPipeline.load(
                directory, Map.of(), new PipelineOptions(Optional.of(type), Optional.empty(), false));
    }
}
