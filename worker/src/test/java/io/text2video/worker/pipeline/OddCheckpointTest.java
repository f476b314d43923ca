package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.weights.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints whose every size is unusual, stored in half precision, against what diffusers computed with them. */
class OddCheckpointTest {
    private static final double AFTER_ALL_STEPS = 1e-3;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"odd-5b", "odd-1.5-i2v", "odd-i2v", "odd-2b"})
    void shouldComputeWhatTheReferenceComputes(String name) throws IOException {
        // Given
        Reference golden = Reference.golden(name);
        GenerationParameters call = GoldenCall.of(golden);
        Path file = directory.resolve("trace.safetensors");

        // When
        Frames frames;
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Reference.checkpoint(name))) {
            var collected = new CollectedFrames(call);
            pipeline.trace(call, StepListener.NONE, collected, file);
            frames = collected.frames();
        }

        // Then
        Reference trace = Reference.open(file);
        for (TensorInfo expected : golden.tensors().values()) {
            if (!expected.name().equals("image_rgb8")) {
                assertThat(trace.tensors().get(expected.name()).shape())
                        .as(expected.name())
                        .isEqualTo(expected.shape());
                Reference.assertClose(
                        name + " " + expected.name(),
                        trace.floats(expected.name()),
                        golden.floats(expected.name()),
                        AFTER_ALL_STEPS);
            }
        }
        assertThat(frames.count()).isEqualTo(call.numFrames());
    }
}
