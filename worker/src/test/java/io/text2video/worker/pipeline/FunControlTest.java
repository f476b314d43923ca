package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.worker.Reference;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A video drawn along a control video, stage by stage against what diffusers drew along the same. */
class FunControlTest {
    private static final double ENCODED = 1e-5;
    private static final double AFTER_ALL_STEPS = 1e-4;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"2b-guided", "5b-dynamic", "5b-unguided"})
    void shouldDrawWhatTheReferenceDraws(String name) throws IOException {
        // Given
        Reference golden = Reference.control(name);
        GenerationParameters call = call(golden);
        Path file = directory.resolve("trace.safetensors");

        // When
        var collected = new CollectedFrames(call);
        try (CogVideoXPipeline pipeline = load(name)) {
            pipeline.trace(call, StepListener.NONE, collected, file);
        }

        // Then
        Reference trace = Reference.open(file);
        assertThat(trace.floats("timesteps")).as("timesteps").isEqualTo(golden.floats("timesteps"));
        assertThat(trace.floats("pipeline_noise.0")).as("noise").isEqualTo(golden.floats("pipeline_noise.0"));
        assertClose(name, trace, golden, "control_latents", ENCODED);
        assertClose(name, trace, golden, "transformer_input.0", ENCODED);
        for (int i = 0; i < call.numInferenceSteps(); i++) {
            assertClose(name, trace, golden, "latents." + i, AFTER_ALL_STEPS);
        }
        int most = SourceFrames.mostApart(
                collected.frames(), golden.bytes("frames_rgb8").array());
        System.out.printf("%-24s bytes differ by at most %d%n", name + " frames", most);
        assertThat(most).as("most that a byte differs by").isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2b-guided", "5b-dynamic"})
    void shouldGoOnFromAStateToTheSameBytes(String name) throws IOException {
        // Given
        GenerationParameters call = call(Reference.control(name));
        try (CogVideoXPipeline pipeline = load(name)) {
            TracedGeneration expected = TracedGeneration.of(pipeline, call, Checkpoints.NONE, StepListener.NONE);
            var states = new KeptStates();
            assertThatThrownBy(() -> TracedGeneration.of(pipeline, call, states, states.stopAfter(2)))
                    .isInstanceOf(CancellationException.class);

            // When
            states.stopAfter(Integer.MAX_VALUE);
            TracedGeneration resumed = TracedGeneration.of(pipeline, call, states, states);

            // Then
            String last = "latents." + (call.numInferenceSteps() - 1);
            assertThat(states.resumed).containsExactly(2);
            assertThat(resumed.tensors().get(last)).isEqualTo(expected.tensors().get(last));
            assertThat(resumed.rgb()).isEqualTo(expected.rgb());
        }
    }

    @Test
    void shouldNotGoOnFromAStateOfAnotherControlVideo() throws IOException {
        GenerationParameters call = call(Reference.control("2b-guided"));
        try (CogVideoXPipeline pipeline = load("2b-guided")) {
            // Given
            var states = new KeptStates();
            assertThatThrownBy(() -> TracedGeneration.of(pipeline, call, states, states.stopAfter(2)))
                    .isInstanceOf(CancellationException.class);
            states.stopAfter(Integer.MAX_VALUE);

            // When
            Frames other = call.control().from(0);
            other.rgb()[0]++;
            TracedGeneration.of(pipeline, call.along(other), states, states);

            // Then
            assertThat(states.resumed).isEmpty();
            assertThat(states.files).hasSize(2);
        }
    }

    @Test
    void shouldRefuseWhatItCannotDraw() throws IOException {
        GenerationParameters call = call(Reference.control("2b-guided"));
        var bare = new GenerationParameters("a ball", "", 2, 6, false, 0, 32, 48, 9, 8, 0, List.of(), null);
        var video = new SourceVideo(SourceFrames.first(9), 0.8);
        var image = video.frames().rgb(0);
        Map<String, GenerationParameters> refused = Map.of(
                "control_video is missing: this model makes a video from a control video and a prompt", bare,
                "video cannot be used: this model makes a video from a control video and a prompt",
                        call.startingFrom(video),
                "input_reference cannot be used: this model makes a video from a control video and a prompt",
                        call.startingFrom(image));
        try (CogVideoXPipeline pipeline = load("2b-guided")) {
            refused.forEach((message, parameters) -> assertThatThrownBy(() -> pipeline.validate(parameters))
                    .isInstanceOfSatisfying(InvalidGenerationException.class, refusal -> assertThat(refusal.field())
                            .isEqualTo(message.split(" ")[0]))
                    .hasMessage(message));
        }
    }

    @ParameterizedTest
    @CsvSource({"2b", "i2v"})
    void shouldRefuseAControlVideoThatTheModelDoesNotTake(String kind) throws IOException {
        GenerationParameters call = call(Reference.control("2b-guided"));
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Reference.checkpoint(kind))) {
            assertThatThrownBy(() -> pipeline.validate(call))
                    .isInstanceOfSatisfying(InvalidGenerationException.class, refusal -> assertThat(refusal.field())
                            .isEqualTo("control_video"))
                    .hasMessageStartingWith("control_video cannot be used: this model draws along no other video");
        }
    }

    private static CogVideoXPipeline load(String name) throws IOException {
        return CogVideoXPipeline.load(Reference.checkpoint("control/" + name.substring(0, 2)));
    }

    private static GenerationParameters call(Reference golden) {
        GenerationParameters call = GoldenCall.of(golden);
        return call.along(SourceFrames.first(call.numFrames()));
    }

    private static void assertClose(String what, Reference trace, Reference golden, String name, double tolerance) {
        assertThat(trace.tensors().get(name).shape())
                .as(name)
                .isEqualTo(golden.tensors().get(name).shape());
        Reference.assertClose(what + " " + name, trace.floats(name), golden.floats(name), tolerance);
    }
}
