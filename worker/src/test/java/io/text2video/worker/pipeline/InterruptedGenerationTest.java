package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A generation that is interrupted within each of its stages. */
class InterruptedGenerationTest {
    private static final int STEPS = 3;

    private final List<String> ran = new ArrayList<>();
    private final List<Integer> told = new ArrayList<>();
    private final List<Integer> frames = new ArrayList<>();

    /** By the kernel that does not run any more, and by how many of its name did. */
    @ParameterizedTest
    @CsvSource({
        "text encoding, 2b, false, t5_attention, 1, 0, 0",
        "second prompt, 2b, false, t5_embed, 1, 0, 0",
        "image, i2v, false, group_norm_conv, 3, 0, 0",
        "image in tiles, i2v, true, blend, 0, 0, 0",
        "first step, 2b, false, joint_attention, 1, 0, 0",
        "middle of a block, 5b, false, feed_forward, 1, 0, 0",
        "first chunk, 2b, false, spatial_norm_conv, 5, 3, 0",
        "decoder's upsampling, 2b, false, upsample, 1, 3, 0",
        "between tiles, 2b, true, blend, 0, 3, 0",
    })
    void shouldComputeNothingAfterItIsInterrupted(
            String stage, String kind, boolean tiles, String kernel, int before, int steps, int chunks)
            throws IOException {
        GenerationParameters call = call(kind);
        try (CogVideoXPipeline pipeline = load(kind, tiles)) {
            // Given
            pipeline.generate(call, Checkpoints.NONE, ran::add, StepListener.NONE, FrameSink.NONE);
            List<String> all = List.copyOf(ran);
            byte[] expected = draw(pipeline, call);

            // When
            try (CogVideoXPipeline fresh = load(kind, tiles)) {
                assertThatThrownBy(() -> generate(fresh, call, interruptBefore(kernel, before)))
                        .isInstanceOf(CancellationException.class)
                        .hasMessage("enough");

                // Then
                assertThat(ran).as(stage).isEqualTo(all.subList(0, ran.size())).hasSizeLessThan(all.size());
                assertThat(all.get(ran.size())).isEqualTo(kernel);
                assertThat(Collections.frequency(ran, kernel)).isEqualTo(before);
                assertThat(told).hasSize(steps);
                assertThat(frames).hasSize(chunks);

                // And the pipeline draws what it always drew
                assertThat(draw(fresh, call)).isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldStopWithinALaterStepAndALaterChunk() throws IOException {
        GenerationParameters call = TinyCheckpointTest.call(STEPS, 0);
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Reference.TINY_CHECKPOINT)) {
            // Given
            pipeline.generate(call, Checkpoints.NONE, ran::add, StepListener.NONE, FrameSink.NONE);
            int blocks = Collections.frequency(ran, "joint_attention") / STEPS;
            int convolutions = Collections.frequency(ran, "spatial_norm_conv") / 2;

            // When, Then: the second of three steps, in the middle of its blocks
            assertThatThrownBy(() -> generate(pipeline, call, interruptBefore("joint_attention", blocks + 3)))
                    .isInstanceOf(CancellationException.class);
            assertThat(told).containsExactly(1);
            assertThat(ran).doesNotContain("spatial_norm_conv");

            // When, Then: the second of two chunks
            assertThatThrownBy(() -> generate(pipeline, call, interruptBefore("spatial_norm_conv", convolutions + 2)))
                    .isInstanceOf(CancellationException.class);
            assertThat(told).containsExactly(1, 2, 3);
            assertThat(frames).containsExactly(9);
        }
    }

    /** The state after the last whole step, from which another goes on to the same bytes. */
    @ParameterizedTest
    @CsvSource({"tiny, 0.0, 2", "tiny, 0.5, 2", "5b, 0.0, 1"})
    void shouldKeepTheStepsThatAreDone(String kind, double threshold, int done) throws IOException {
        GenerationParameters call = call(kind).withCacheThreshold(threshold);
        try (CogVideoXPipeline pipeline = load(kind, false)) {
            // Given
            byte[] expected = draw(pipeline, call);
            var states = new KeptStates();
            states.stopAfter(done);
            StepListener going = (step, steps) -> told.add(step);
            Interruption interruption = kernel -> {
                if (told.size() == done && kernel.equals("gated_residual")) {
                    throw new CancellationException("the worker stops");
                }
            };

            // When it stops within the next step
            assertThatThrownBy(() -> pipeline.generate(call, states, interruption, going, FrameSink.NONE))
                    .hasMessage("the worker stops");

            // Then
            assertThat(states.only()).hasSize(1);
            states.stopAfter(Integer.MAX_VALUE);
            var resumed = new CollectedFrames(call);
            pipeline.generate(call, states, Interruption.NONE, states, resumed);
            assertThat(states.resumed).hasSize(1).allMatch(step -> threshold > 0 ? step < done : step == done);
            assertThat(resumed.frames().rgb()).isEqualTo(expected);
        }
    }

    @Test
    void shouldPrepareNoPromptThatIsInterrupted() throws IOException {
        GenerationParameters call = call("2b");
        try (CogVideoXPipeline pipeline = load("2b", false)) {
            // When
            assertThatThrownBy(() -> pipeline.prepare(call, interruptBefore("t5_feed_forward", 1)))
                    .isInstanceOf(CancellationException.class);

            // Then it is encoded by whoever draws it
            generate(pipeline, call, ran::add);
            assertThat(ran).contains("t5_feed_forward");
            generate(pipeline, call, ran::add);
            assertThat(ran).doesNotContain("t5_feed_forward");
        }
    }

    private void generate(CogVideoXPipeline pipeline, GenerationParameters call, Interruption interruption) {
        ran.clear();
        told.clear();
        frames.clear();
        pipeline.generate(
                call,
                Checkpoints.NONE,
                interruption,
                (step, steps) -> told.add(step),
                chunk -> frames.add(chunk.count()));
    }

    private Interruption interruptBefore(String kernel, int ranBefore) {
        return next -> {
            if (next.equals(kernel) && Collections.frequency(ran, kernel) == ranBefore) {
                throw new CancellationException("enough");
            }
            ran.add(next);
        };
    }

    private static byte[] draw(CogVideoXPipeline pipeline, GenerationParameters call) {
        var collected = new CollectedFrames(call);
        pipeline.generate(call, StepListener.NONE, collected);
        return collected.frames().rgb();
    }

    private static GenerationParameters call(String kind) {
        if (kind.equals("tiny")) {
            return TinyCheckpointTest.call(STEPS, 7);
        }
        GenerationParameters call = GoldenCall.of(Reference.golden(kind));
        return new GenerationParameters(
                call.prompt(),
                call.negativePrompt(),
                STEPS,
                call.guidanceScale(),
                call.useDynamicCfg(),
                call.eta(),
                call.height(),
                call.width(),
                call.numFrames(),
                call.fps(),
                call.seed(),
                List.of(),
                call.image());
    }

    private static CogVideoXPipeline load(String kind, boolean tiles) throws IOException {
        Path directory = kind.equals("tiny") ? Reference.TINY_CHECKPOINT : Reference.checkpoint(kind);
        return CogVideoXPipeline.load(
                directory, Map.of(), new PipelineOptions(Optional.of(ComputeType.FP32), Optional.empty(), tiles));
    }
}
