package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.model.LoraScale;
import io.text2video.worker.Reference;
import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.device.DeviceRequest;
import io.text2video.worker.lora.LoraFixture;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.quantization.Quantization;
import io.text2video.worker.rehearsal.Rehearsed;
import io.text2video.worker.rehearsal.RehearsedGpus;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole generations on a rehearsed GPU against the CPU. */
@Tag("slow")
@Rehearsed
class RehearsedPipelineTest {
    private static final DeviceChoice GPU = DeviceChoice.planned(DeviceRequest.of("cuda:0"));
    private static final DeviceChoice BOTH = DeviceChoice.planned(DeviceRequest.of("cuda:0,cuda:1"));
    private static final Map<String, Path> LORAS = Map.of("everywhere", LoraFixture.EVERYWHERE);

    /** Two seeds of the tiny model are 10 to 15 dB apart. */
    private static final double SAME_VIDEO = 30;

    @TempDir
    Path directory;

    @AfterEach
    void unlimited() {
        RehearsedGpus.stopLog();
        RehearsedGpus.unlimited();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2b", "5b", "1.5", "i2v", "1.5-i2v"})
    void shouldDrawWhatTheCpuDraws(String kind) throws IOException {
        assertSame(kind, GoldenCall.of(Reference.golden(kind)), "none", ComputeType.FP32, 1e-4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"int8wo", "fp8", "vae=int8wo"})
    void shouldDrawWithNarrowWeights(String schemes) throws IOException {
        assertSame("2b", GoldenCall.of(Reference.golden("2b")), schemes, ComputeType.FP32, 1e-4);
    }

    /** Rounded otherwise: the same video, though not the same bytes. */
    @ParameterizedTest
    @CsvSource({"int8, FP32", "none, FP16", "int8, FP16", "none, BF16", "int8, BF16", "int8wo, BF16", "fp8, BF16"})
    void shouldDrawTheSameVideoWhereValuesAreRounded(String schemes, ComputeType type) throws IOException {
        // Given
        GenerationParameters call = TinyCheckpointTest.call(12, 7);

        // When
        byte[] expected = draw(schemes, type, DeviceChoice.CPU, call);
        byte[] actual = draw(schemes, type, GPU, call);

        // Then
        double decibels = decibels(actual, expected);
        System.out.printf("%-8s %-6s %s: %.1f dB%n", "tiny", schemes, type, decibels);
        assertThat(decibels).isGreaterThan(SAME_VIDEO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "int8wo"})
    void shouldDrawWithALora(String schemes) throws IOException {
        var lora = new LoraScale("everywhere", 0.5);
        var call = new GenerationParameters("a cat", "", 2, 6, false, 0, 64, 80, 9, 8, 7, List.of(lora), null);

        assertSame("2b", call, schemes, ComputeType.FP32, 1e-4);
    }

    @Test
    void shouldGoOnFromAState() throws IOException {
        GenerationParameters call = TinyCheckpointTest.call(12, 7);
        try (CogVideoXPipeline pipeline = load(Reference.TINY_CHECKPOINT, "none", ComputeType.FP32, GPU)) {
            // Given
            TracedGeneration expected = TracedGeneration.of(pipeline, call, Checkpoints.NONE, StepListener.NONE);
            var states = new KeptStates();
            assertThatThrownBy(() -> TracedGeneration.of(pipeline, call, states, states.stopAfter(7)))
                    .isInstanceOf(CancellationException.class);

            // When
            TracedGeneration resumed = TracedGeneration.of(pipeline, call, states, states.stopAfter(Integer.MAX_VALUE));

            // Then
            assertThat(states.resumed).containsExactly(7);
            assertThat(resumed.steps()).isEqualTo(5);
            assertThat(resumed.rgb()).isEqualTo(expected.rgb());
        }
    }

    /** What is a table or a draw of the host's, and the number that decides whether a step is computed. */
    @ParameterizedTest
    @CsvSource({
        "tiny, none, 0.0, {sinusoid of the timestep=3}",
        "tiny, int8, 0.0, {sinusoid of the timestep=3}",
        "tiny, none, 0.2, '{change against the last step=2, sinusoid of the timestep=3}'",
        "5b, none, 0.0, '{noise=10, sinusoid of the timestep=5}'",
        "i2v, none, 0.0, '{noise=10, sinusoid of the timestep=5}'"
    })
    void shouldCopyWithinStepsOnlyWhatHasTo(String kind, String schemes, double threshold, String allowed)
            throws IOException {
        // Given
        Path model = kind.equals("tiny") ? Reference.TINY_CHECKPOINT : Reference.checkpoint(kind);
        GenerationParameters call = kind.equals("tiny")
                ? TinyCheckpointTest.call(4, 7).withCacheThreshold(threshold)
                : GoldenCall.of(Reference.golden(kind));
        Path log = directory.resolve("copies");

        // When
        try (CogVideoXPipeline pipeline = load(model, schemes, ComputeType.FP32, GPU)) {
            pipeline.generate(call, logging(log), FrameSink.NONE);
        }

        // Then
        assertThat(counted(log)).hasToString(allowed);
    }

    /** One half of the guidance goes over at each step, and its prediction back. */
    @ParameterizedTest
    @CsvSource({
        "2b, '{input of the second GPU=5, prediction of the second GPU=5, sinusoid of the timestep=10}'",
        "5b, '{input of the second GPU=5, noise=10, prediction of the second GPU=5, sinusoid of the timestep=10}'",
        "i2v, '{input of the second GPU=5, noise=10, prediction of the second GPU=5, sinusoid of the timestep=10}'"
    })
    void shouldDrawOnTwoGpusWhatTwoPassesDrawOnOne(String kind, String allowed) throws IOException {
        // Given
        GenerationParameters call = GoldenCall.of(Reference.golden(kind));
        Path log = directory.resolve("copies");
        TracedGeneration expected;
        try (CogVideoXPipeline pipeline = load(Reference.checkpoint(kind), "none", ComputeType.FP32, GPU)) {
            Rung passes = Rung.WHOLE.with(Saving.GUIDANCE_PASSES);
            expected = TracedGeneration.of(pipeline, call, passes, Checkpoints.NONE, StepListener.NONE);
        }

        // When
        RehearsedGpus.peak(1);
        byte[] actual;
        try (CogVideoXPipeline pipeline = load(Reference.checkpoint(kind), "none", ComputeType.FP32, BOTH)) {
            var frames = new CollectedFrames(call);
            pipeline.generate(call, logging(log), frames);
            actual = frames.frames().rgb();
        }

        // Then
        assertThat(RehearsedGpus.peak(1)).as("bytes on the second GPU").isGreaterThan(1_000_000);
        assertThat(actual).isEqualTo(expected.rgb());
        assertThat(counted(log)).hasToString(allowed);
    }

    /** Logs copies from the end of the first step to that of the last. */
    private static StepListener logging(Path log) {
        return (step, steps) -> {
            if (step == 1) {
                RehearsedGpus.log(log);
            } else if (step == steps) {
                RehearsedGpus.stopLog();
            }
        };
    }

    private static Map<String, Long> counted(Path log) {
        return RehearsedGpus.copies(log).stream()
                .collect(Collectors.groupingBy(RehearsedPipelineTest::described, TreeMap::new, Collectors.counting()));
    }

    private static String described(RehearsedGpus.Copy copy) {
        boolean fromTheHost = copy.from().equals("cpu");
        if (fromTheHost && copy.shape().size() == 2 && copy.shape().get(0) == 1) {
            return "sinusoid of the timestep";
        }
        if (fromTheHost && copy.shape().size() == 5) {
            return "noise";
        }
        if (copy.from().equals("cuda:0")
                && copy.to().equals("cuda:1")
                && copy.shape().size() == 5) {
            return "input of the second GPU";
        }
        if (copy.from().equals("cuda:1")
                && copy.to().equals("cuda:0")
                && copy.shape().size() == 5) {
            return "prediction of the second GPU";
        }
        return copy.by().equals("aten::_local_scalar_dense") ? "change against the last step" : copy.toString();
    }

    private static void assertSame(
            String kind, GenerationParameters call, String schemes, ComputeType type, double tolerance)
            throws IOException {
        // When
        TracedGeneration expected;
        TracedGeneration actual;
        try (CogVideoXPipeline pipeline = load(Reference.checkpoint(kind), schemes, type, DeviceChoice.CPU)) {
            expected = TracedGeneration.of(pipeline, call, Checkpoints.NONE, StepListener.NONE);
        }
        long before = RehearsedGpus.held(0);
        try (CogVideoXPipeline pipeline = load(Reference.checkpoint(kind), schemes, type, GPU)) {
            RehearsedGpus.peak(0);
            actual = TracedGeneration.of(pipeline, call, Checkpoints.NONE, StepListener.NONE);
        }

        // Then
        assertThat(RehearsedGpus.peak(0)).as("bytes on the GPU").isGreaterThan(before + 1_000_000);
        assertThat(RehearsedGpus.held(0)).as("bytes that stay there").isEqualTo(before);
        assertThat(actual.tensors()).containsOnlyKeys(expected.tensors().keySet());
        String worst = "";
        double largest = 0;
        for (String name : expected.tensors().keySet()) {
            if (name.startsWith("noise_pred.") || name.startsWith("latents.") || name.equals("frames")) {
                double difference = difference(floats(actual, name), floats(expected, name));
                worst = difference > largest ? name : worst;
                largest = Math.max(largest, difference);
            }
        }
        System.out.printf("%-8s %-6s %s: %.1e in %s%n", kind, schemes, type, largest, worst);
        assertThat(largest).as(worst).isLessThanOrEqualTo(tolerance);
    }

    private static byte[] draw(String schemes, ComputeType type, DeviceChoice device, GenerationParameters call)
            throws IOException {
        try (CogVideoXPipeline pipeline = load(Reference.TINY_CHECKPOINT, schemes, type, device)) {
            return TracedGeneration.of(pipeline, call, Checkpoints.NONE, StepListener.NONE)
                    .rgb();
        }
    }

    private static double decibels(byte[] a, byte[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.pow((a[i] & 0xFF) - (b[i] & 0xFF), 2);
        }
        return 10 * Math.log10(255.0 * 255 * a.length / sum);
    }

    private static CogVideoXPipeline load(Path model, String schemes, ComputeType type, DeviceChoice device)
            throws IOException {
        var options = new PipelineOptions(Optional.of(type), Optional.of(Quantization.of(schemes)), false).on(device);
        return CogVideoXPipeline.load(model, LORAS, options);
    }

    private static FloatBuffer floats(TracedGeneration generation, String name) {
        ByteBuffer bytes = generation.tensors().get(name);
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }

    /** The largest, in relation to the largest value. */
    private static double difference(FloatBuffer actual, FloatBuffer expected) {
        assertThat(actual.remaining()).isEqualTo(expected.remaining());
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.remaining(); i++) {
            largest = Math.max(largest, Math.abs(expected.get(i)));
            difference = Math.max(difference, Math.abs(actual.get(i) - expected.get(i)));
        }
        return difference / largest;
    }
}
