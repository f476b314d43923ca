package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.weights.SafetensorsDtype;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole generation in half precision, against diffusers' in the same and in fp32 with the same draws. */
class HalfPrecisionPipelineTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"2b,BF16", "2b,FP16", "5b,BF16", "5b,FP16"})
    void shouldDrawTheSameNoiseAndStayAsNearToFp32AsTheReference(String kind, ComputeType type) throws IOException {
        // Given
        Reference half = Reference.half(kind, type);
        GenerationParameters call = GoldenCall.of(half);
        Path file = directory.resolve("trace.safetensors");

        // When
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(Reference.checkpoint(kind), Map.of(), in(type))) {
            pipeline.trace(call, StepListener.NONE, FrameSink.NONE, file);
        }

        // Then
        Reference trace = Reference.open(file);
        List<String> draws = half.tensors().keySet().stream()
                .filter(name -> name.contains("_noise."))
                .toList();
        assertThat(trace.tensors().keySet().stream().filter(name -> name.contains("_noise.")))
                .containsExactlyInAnyOrderElementsOf(draws);
        for (String draw : draws) {
            assertThat(trace.bytes(draw)).as(draw).isEqualTo(half.bytes(draw));
        }
        for (String name : List.of("prompt_embeds", "noise_pred.0", "latents.0", "transformer_input.0")) {
            assertThat(trace.tensors().get(name).dtype())
                    .as(name)
                    .isEqualTo(SafetensorsDtype.valueOf(type.dtype().name()));
        }
        try (Kernels kernels = Kernels.load();
                MemoryScope scope = kernels.openScope()) {
            for (int i = 0; i < call.numInferenceSteps(); i++) {
                assertNoFurtherOff(scope, half, trace, kind + " " + type, "noise_pred." + i);
                assertNoFurtherOff(scope, half, trace, kind + " " + type, "latents." + i);
            }
            assertNoFurtherOff(scope, half, trace, kind + " " + type, "frames");
        }
    }

    static PipelineOptions in(ComputeType type) {
        return new PipelineOptions(Optional.of(type), Optional.empty(), false);
    }

    private static void assertNoFurtherOff(
            MemoryScope scope, Reference half, Reference trace, String what, String name) {
        float[] actual = TensorKernels.toFloats(scope, trace.stored(scope, name));
        half.assertNoFurtherOff(scope, what + " " + name, actual, name, name + ".fp32");
    }
}
