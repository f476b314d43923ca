package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.worker.Reference;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A video made from another one, stage by stage against what diffusers made of the same. */
class VideoToVideoTest {
    private static final double ENCODED = 1e-5;
    private static final double AFTER_ALL_STEPS = 1e-4;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"2b, 0.8", "2b, 0.35", "5b, 0.8", "5b, 0.5", "1.5, 1.0", "1.5, 0.75"})
    void shouldMakeWhatTheReferenceMakes(String kind, String strength) throws IOException {
        // Given
        Reference golden = Reference.video(kind + "-" + strength);
        GenerationParameters call = call(golden);
        Path file = directory.resolve("trace.safetensors");

        // When
        var collected = new CollectedFrames(call);
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Reference.checkpoint(kind))) {
            pipeline.trace(call, StepListener.NONE, collected, file);
        }

        // Then
        Reference trace = Reference.open(file);
        String what = kind + " at " + strength + " ";
        assertThat(trace.floats("timesteps")).as("timesteps").isEqualTo(golden.floats("timesteps"));
        for (String drawn : new String[] {"video_noise.0", "pipeline_noise.0"}) {
            assertThat(trace.floats(drawn)).as(drawn).isEqualTo(golden.floats(drawn));
        }
        assertClose(what, trace, golden, "video_latents", ENCODED);
        assertClose(what, trace, golden, "noised_latents", ENCODED);
        int taken = golden.floats("timesteps").length;
        for (int i = 0; i < taken; i++) {
            assertClose(what, trace, golden, "latents." + i, AFTER_ALL_STEPS);
        }
        assertThat(trace.tensors()).doesNotContainKey("latents." + taken);
        if (golden.tensors().containsKey("frames_rgb8")) {
            int most = SourceFrames.mostApart(
                    collected.frames(), golden.bytes("frames_rgb8").array());
            System.out.printf("%-24s bytes differ by at most %d%n", what + "frames", most);
            assertThat(most).as("most that a byte differs by").isLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2b-0.8", "5b-0.8"})
    void shouldGoOnFromAStateToTheSameBytes(String name) throws IOException {
        // Given
        GenerationParameters call = call(Reference.video(name));
        Path checkpoint = Reference.checkpoint(name.substring(0, 2));
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(checkpoint)) {
            TracedGeneration expected = TracedGeneration.of(pipeline, call, Checkpoints.NONE, StepListener.NONE);
            var states = new KeptStates();
            assertThatThrownBy(() -> TracedGeneration.of(pipeline, call, states, states.stopAfter(2)))
                    .isInstanceOf(CancellationException.class);

            // When
            states.stopAfter(Integer.MAX_VALUE);
            TracedGeneration resumed = TracedGeneration.of(pipeline, call, states, states);

            // Then it takes what is left of the four steps that the strength leaves of six
            assertThat(states.resumed).containsExactly(2);
            assertThat(states.told).containsExactly(2, 3, 4);
            assertThat(resumed.tensors().get("latents.3"))
                    .isEqualTo(expected.tensors().get("latents.3"));
            assertThat(resumed.rgb()).isEqualTo(expected.rgb());
        }
    }

    @Test
    void shouldNotGoOnFromAStateOfAnotherStrengthOrOfNoVideo() throws IOException {
        GenerationParameters call = call(Reference.video("2b-0.8"));
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Reference.checkpoint("2b"))) {
            // Given
            var states = new KeptStates();
            assertThatThrownBy(() -> TracedGeneration.of(pipeline, call, states, states.stopAfter(2)))
                    .isInstanceOf(CancellationException.class);
            states.stopAfter(Integer.MAX_VALUE);

            // When
            SourceVideo other = new SourceVideo(call.video().frames(), 0.7);
            TracedGeneration.of(pipeline, call.startingFrom(other), states, states);
            TracedGeneration.of(pipeline, call.startingFrom((SourceVideo) null), states, states);

            // Then
            assertThat(states.resumed).isEmpty();
            assertThat(states.files).hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "i2v | 9 | video | video cannot be used: this model makes a video from an image",
                "1.5 | 9 | num_frames | num_frames is 9, but a video is made from another one by 2 latent frames at a time,",
            })
    void shouldRefuseWhatTheModelCannotMake(String kind, int frames, String field, String message) throws IOException {
        GenerationParameters call = call(Reference.video("2b-0.8"));
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Reference.checkpoint(kind))) {
            assertThat(call.numFrames()).isEqualTo(frames);
            assertThatThrownBy(() -> pipeline.validate(call))
                    .isInstanceOfSatisfying(InvalidGenerationException.class, refusal -> assertThat(refusal.field())
                            .isEqualTo(field))
                    .hasMessageStartingWith(message);
        }
    }

    private static GenerationParameters call(Reference golden) {
        GenerationParameters call = GoldenCall.of(golden);
        Frames frames = SourceFrames.first(call.numFrames());
        return call.startingFrom(new SourceVideo(frames, Double.parseDouble(golden.metadata("strength"))));
    }

    private static void assertClose(String what, Reference trace, Reference golden, String name, double tolerance) {
        assertThat(trace.tensors().get(name).shape())
                .as(name)
                .isEqualTo(golden.tensors().get(name).shape());
        Reference.assertClose(what + name, trace.floats(name), golden.floats(name), tolerance);
    }
}
