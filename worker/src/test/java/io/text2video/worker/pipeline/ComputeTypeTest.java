package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.text2video.worker.Reference;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.device.Gpu;
import io.text2video.worker.kernels.CpuFeatures;
import io.text2video.worker.kernels.Device;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsIndex;
import io.text2video.worker.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What models may be computed in, what they show then, and what becomes of videos that show nothing. */
class ComputeTypeTest {
    private static final Gpu TURING = new Gpu(0, "NVIDIA T4", 16L << 30, 7, 5);
    private static final Gpu AMPERE = new Gpu(1, "NVIDIA A10", 24L << 30, 8, 6);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = ComputeType.class,
            names = {"BF16", "FP16"})
    void shouldDrawARedBallThatMovesLeft(ComputeType type) throws IOException {
        // Given
        try (CogVideoXPipeline pipeline = load(Reference.TINY_CHECKPOINT, type)) {
            // When
            var collected = new CollectedFrames(TinyCheckpointTest.call(25, 0));
            pipeline.generate(TinyCheckpointTest.call(25, 0), StepListener.NONE, collected);
            Frames frames = collected.frames();

            // Then
            double first = TinyCheckpointTest.columnOfRed(frames, 0);
            double last = TinyCheckpointTest.columnOfRed(frames, frames.count() - 1);
            assertThat(last).as("mean column of red pixels, at first %s", first).isLessThan(first - 5);
        }
    }

    @Test
    void shouldRefuseFp16ForAModelPublishedInBf16() {
        Path published = Reference.checkpoint("odd-2b");

        assertThatThrownBy(() -> load(published, ComputeType.FP16))
                .asInstanceOf(type(UnfitComputeTypeException.class))
                .satisfies(refusal -> {
                    assertThat(refusal.wanted()).isEqualTo(ComputeType.FP16);
                    assertThat(refusal)
                            .hasMessageContainingAll(published.toString(), "bf16", "fp16", "fp32", "--dtype");
                });
    }

    @ParameterizedTest
    @CsvSource({"odd-2b,BF16", "odd-2b,FP32", "odd-5b,FP16", "odd-5b,BF16", "2b,FP16", "1.5-i2v,FP16"})
    void shouldTakeAnyOther(String kind, ComputeType type) {
        assertThatCode(() -> load(Reference.checkpoint(kind), type).close()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"i2v,BF16", "1.5-i2v,FP16"})
    void shouldStartFromAnImage(String kind, ComputeType type) throws IOException {
        // Given
        Reference golden = Reference.golden(kind);
        Path trace = directory.resolve("trace.safetensors");

        // When
        try (CogVideoXPipeline pipeline = load(Reference.checkpoint(kind), type)) {
            pipeline.trace(GoldenCall.of(golden), StepListener.NONE, FrameSink.NONE, trace);
        }

        // Then: drawn in the compute type, so that the first draw is the image's and of as many values
        assertThat(Reference.open(trace).tensors().get("image_noise.0").dtype().name())
                .isEqualTo(type.dtype().name());
        assertThat(Reference.open(trace)
                        .tensors()
                        .get("transformer_input.0")
                        .dtype()
                        .name())
                .isEqualTo(type.dtype().name());
    }

    @Test
    void shouldShowNoVideoOfValuesBeyondFp16() throws IOException {
        // Given
        Path checkpoint = AlteredCheckpoint.overflowing(directory.resolve("overflowing"));
        Path trace = directory.resolve("trace.safetensors");

        // When
        try (CogVideoXPipeline pipeline = load(checkpoint, ComputeType.FP16)) {
            assertThatThrownBy(() ->
                            pipeline.trace(TinyCheckpointTest.call(3, 0), StepListener.NONE, FrameSink.NONE, trace))
                    .isInstanceOf(NonFiniteOutputException.class)
                    .hasMessageContainingAll("latents", "fp16", "bf16 or fp32", "WORKER_DTYPE");
        }

        // Then the trace tells where it began, and the way out is one
        assertThat(Reference.open(trace).tensors()).containsKeys("noise_pred.0", "latents.2");
        try (CogVideoXPipeline pipeline = load(checkpoint, ComputeType.BF16)) {
            assertThatCode(() -> pipeline.generate(TinyCheckpointTest.call(3, 0), StepListener.NONE, FrameSink.NONE))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @EnumSource(ComputeType.class)
    void shouldShowNoVideoThatIsBlackAllOver(ComputeType type) throws IOException {
        // Given
        Path checkpoint = AlteredCheckpoint.black(directory.resolve("black"));

        // When
        try (CogVideoXPipeline pipeline = load(checkpoint, type)) {
            // Then
            assertThatThrownBy(
                            () -> pipeline.generate(TinyCheckpointTest.call(1, 0), StepListener.NONE, FrameSink.NONE))
                    .isInstanceOf(NonFiniteOutputException.class)
                    .hasMessageContainingAll("black", type.label());
        }
    }

    @Test
    void shouldWarnOfWhatIsWidenedOnTheCpu() {
        CpuFeatures old = new CpuFeatures(Set.of("avx2"));
        CpuFeatures recent = new CpuFeatures(Set.of("avx512f", "avx512bw", "avx512dq", "avx512vl"));

        assertThat(ComputeType.FP32.warning(old)).isEmpty();
        assertThat(ComputeType.BF16.warning(old))
                .hasValueSatisfying(text -> assertThat(text).contains("bf16", "--dtype fp32"));
        assertThat(ComputeType.BF16.warning(recent)).isEmpty();
        assertThat(ComputeType.FP16.warning(recent)).isPresent();
    }

    @Test
    void shouldComputeOnAGpuInWhatIsPublished() throws IOException {
        // Given
        PipelineOptions options = PipelineOptions.DEFAULT.on(choice(AMPERE));

        // When, Then
        assertThat(choose(options, stored("2b", SafetensorsDtype.F16))).isEqualTo(ComputeType.FP16);
        assertThat(choose(options, stored("5b", SafetensorsDtype.BF16))).isEqualTo(ComputeType.BF16);
        assertThat(choose(options, stored("full", SafetensorsDtype.F32))).isEqualTo(ComputeType.FP32);
        assertThat(choose(PipelineOptions.DEFAULT, stored("half", SafetensorsDtype.F16)))
                .isEqualTo(ComputeType.FP32);
    }

    @Test
    void shouldRefuseBf16OnAGpuThatHasNone() throws IOException {
        // Given
        Path ofBf16 = stored("5b", SafetensorsDtype.BF16);
        Path ofFp16 = stored("2b", SafetensorsDtype.F16);
        PipelineOptions byItself = PipelineOptions.DEFAULT.on(choice(TURING));
        PipelineOptions asked =
                new PipelineOptions(Optional.of(ComputeType.BF16), Optional.empty(), false).on(choice(AMPERE, TURING));

        // When, Then
        assertThatThrownBy(() -> choose(byItself, ofBf16))
                .isInstanceOf(UnfitComputeTypeException.class)
                .hasMessageEndingWith(
                        "cannot run in bf16 on cuda:0: NVIDIA T4 has compute capability 7.5, and bf16 wants 8.0 (Ampere)"
                                + " or later; run it in fp32 (--dtype or WORKER_DTYPE), or on another GPU");
        assertThatThrownBy(() -> choose(asked, ofFp16))
                .isInstanceOf(UnfitComputeTypeException.class)
                .hasMessageContaining("run it in fp16 or fp32 (--dtype or WORKER_DTYPE), or on another GPU");
        assertThat(choose(byItself, ofFp16)).isEqualTo(ComputeType.FP16);
        assertThat(choose(new PipelineOptions(Optional.of(ComputeType.BF16), Optional.empty(), false), ofFp16))
                .isEqualTo(ComputeType.BF16);
    }

    private static ComputeType choose(PipelineOptions options, Path checkpoint) throws IOException {
        SafetensorsIndex transformer =
                SafetensorsIndex.open(checkpoint.resolve(TransformerConfig.FOLDER), Component.TRANSFORMER);
        return ComputeTypeChoice.of(checkpoint, transformer.publishedIn(), options);
    }

    private static DeviceChoice choice(Gpu... gpus) {
        return new DeviceChoice(
                Stream.of(gpus).map(gpu -> Device.cuda(gpu.index())).toList(), List.of(gpus), "it is tested");
    }

    private Path stored(String name, SafetensorsDtype dtype) throws IOException {
        Path transformer = Files.createDirectories(directory.resolve(name).resolve("transformer"));
        SafetensorsWriter.write(
                transformer.resolve("diffusion_pytorch_model.safetensors"),
                Map.of(),
                List.of(entry("weight", dtype, 64), entry("small", SafetensorsDtype.F32, 2)));
        return directory.resolve(name);
    }

    private static SafetensorsWriter.Entry entry(String name, SafetensorsDtype dtype, int elements) {
        return new SafetensorsWriter.Entry(
                name, dtype, new long[] {elements}, ByteBuffer.allocate(elements * dtype.bytes()));
    }

    private static CogVideoXPipeline load(Path checkpoint, ComputeType type) throws IOException {
        return CogVideoXPipeline.load(
                checkpoint, Map.of(), new PipelineOptions(Optional.of(type), Optional.empty(), false));
    }
}
