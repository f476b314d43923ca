package io.text2video.worker.info;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.worker.Reference;
import io.text2video.worker.config.InvalidCheckpointException;
import io.text2video.worker.config.PipelineConfig;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.ComputeType;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.quantization.Quantization;
import io.text2video.worker.scheduler.Scheduler;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelInfoTest {
    static List<Path> checkpoints() {
        return Stream.concat(
                        Stream.of("2b", "5b", "1.5", "i2v", "1.5-i2v", "control/5b")
                                .map(Reference::checkpoint),
                        Stream.of(Reference.TINY_CHECKPOINT))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void shouldCountWhatTheFilesHold(Path checkpoint) throws IOException {
        ModelInfo info = ModelInfo.read(checkpoint);

        long all = 0;
        for (ComponentInfo component : info.components()) {
            List<Path> files = safetensors(checkpoint.resolve(component.name()));
            long values = 0;
            long bytes = 0;
            for (Path file : files) {
                values += values(file);
                bytes += Files.size(file);
            }
            assertThat(component.parameters()).as(component.name()).isEqualTo(values);
            assertThat(component.files()).isEqualTo(files.size());
            assertThat(component.bytes()).isEqualTo(bytes);
            assertThat(component.sharded()).isEqualTo(files.size() > 1);
            all += values;
        }
        assertThat(info.parameters()).isEqualTo(all);
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void shouldSayWhatThisBuildLoads(Path checkpoint) throws IOException {
        List<MemoryRow> rows = ModelInfo.read(checkpoint).memory().rows();

        Precision half =
                ModelInfo.read(checkpoint).publishedDtype() == Precision.FP16 ? Precision.FP16 : Precision.BF16;
        assertThat(rows)
                .filteredOn(MemoryRow::runsHere)
                .extracting(MemoryRow::weights)
                .containsExactly(Precision.FP32, half, Precision.INT8, Precision.FP8);
        for (Precision weights : List.of(Precision.FP32, half, Precision.INT8, Precision.FP8)) {
            boolean quantized = weights == Precision.INT8 || weights == Precision.FP8;
            var options = quantized
                    ? new PipelineOptions(Optional.empty(), Optional.of(Quantization.of(weights.label())), false)
                    : new PipelineOptions(Optional.of(ComputeType.valueOf(weights.name())), Optional.empty(), false);
            assertThatCode(() -> CogVideoXPipeline.load(checkpoint, Map.of(), options)
                            .close())
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2b,      '3D sin-cos',       '64x80x17',  8, false, 1,  8",
        "5b,      'rotary',           '64x80x17',  8, false, 1,  8",
        "1.5,     'rotary',           '64x80x17', 16, false, 2, 16",
        "i2v,     'rotary + learned', '64x80x17',  8, true,  1,  8",
        "1.5-i2v, 'rotary',           '64x80x17', 16, true,  2, 16"
    })
    void shouldTellTheKindsApart(
            String kind, String positions, String size, int fps, boolean image, int patch, int recommended)
            throws IOException {
        ModelInfo info = ModelInfo.read(Reference.checkpoint(kind));

        assertThat(info.published()).isFalse();
        assertThat(info.kind()).isEqualTo("CogVideoX, 2 layers of width 64");
        assertThat(info.positions()).isEqualTo(positions);
        GenerationInfo generation = info.generation();
        var trained = generation.trained();
        assertThat("%dx%dx%d".formatted(trained.height(), trained.width(), trained.numFrames()))
                .isEqualTo(size);
        assertThat(trained.fps()).isEqualTo(fps);
        assertThat(generation.imageRequired()).isEqualTo(image);
        assertThat(generation.oneSize()).isEqualTo(kind.equals("i2v"));
        assertThat(generation.latentFramesPerPatch()).isEqualTo(patch);
        assertThat(generation.recommendedFrameMultiple()).isEqualTo(recommended);
    }

    @ParameterizedTest
    @CsvSource({"control/2b, '3D sin-cos'", "control/5b, 'rotary'"})
    void shouldTellAControlModel(String kind, String positions) throws IOException {
        ModelInfo info = ModelInfo.read(Reference.checkpoint(kind));

        assertThat(info.published()).isFalse();
        assertThat(info.kind()).isEqualTo("CogVideoX Fun Control, 2 layers of width 64");
        assertThat(info.pipeline()).isEqualTo("CogVideoXFunControlPipeline");
        assertThat(info.positions()).isEqualTo(positions);
        assertThat(info.generation().controlRequired()).isTrue();
        assertThat(info.generation().imageRequired()).isFalse();
        assertThat(info.generation().defaults().useDynamicCfg()).isFalse();
        assertThat(ModelInfo.read(Reference.CHECKPOINT).generation().controlRequired())
                .isFalse();
    }

    @Test
    void shouldCountWhatEncodesAControlVideo() throws IOException {
        assertThat(vaeBytes("control/5b")).isGreaterThan(vaeBytes("5b")).isEqualTo(vaeBytes("i2v"));
    }

    private static long vaeBytes(String kind) throws IOException {
        return ModelInfo.read(Reference.checkpoint(kind)).memory().rows().get(0).vae();
    }

    @Test
    void shouldReadWhatACheckpointShipsForItself() throws IOException {
        ModelInfo info = ModelInfo.read(Reference.TINY_CHECKPOINT);

        assertThat(info.modelId()).isEqualTo("cogvideox-tiny");
        assertThat(info.publishedDtype()).isEqualTo(Precision.FP16);
        assertThat(info.generation().defaults().numInferenceSteps()).isEqualTo(25);
        assertThat(info.generation().textTokens()).isEqualTo(32);
        assertThat(info.memory().rows())
                .extracting(MemoryRow::weights)
                .containsExactly(Precision.FP32, Precision.FP16, Precision.INT8, Precision.FP8);
    }

    @Test
    void shouldCountATiedEmbeddingOnce(@TempDir Path directory) throws IOException {
        // Given an export that writes the embedding under both of its names
        Path checkpoint =
                PublishedCheckpoint.write(directory, "CogVideoX-2b", "F16").directory();
        long once = ModelInfo.read(checkpoint).components().get(0).parameters();
        Path index = checkpoint.resolve("text_encoder/model.safetensors.index.json");
        Path second = index.resolveSibling("tied.safetensors");
        Files.write(second, tied());
        var json = new ObjectMapper();
        JsonNode places = json.readTree(index.toFile());
        ((ObjectNode) places.path("weight_map")).put("encoder.embed_tokens.weight", "tied.safetensors");
        json.writeValue(index.toFile(), places);

        ModelInfo info = ModelInfo.read(checkpoint);

        assertThat(info.components().get(0).files()).isEqualTo(3);
        assertThat(info.components().get(0).parameters()).isEqualTo(once);
    }

    @Test
    void shouldNameTheSchedulerThatRuns(@TempDir Path directory) throws IOException {
        // Given a checkpoint whose two files name different ones
        Path checkpoint =
                PublishedCheckpoint.write(directory, "CogVideoX-2b", "F16").directory();
        Path index = checkpoint.resolve("model_index.json");
        Files.writeString(index, Files.readString(index).replace("CogVideoXDDIMScheduler", "CogVideoXDPMScheduler"));

        // When
        ModelInfo info = ModelInfo.read(checkpoint);

        // Then
        Scheduler runs = Scheduler.of(PipelineConfig.read(checkpoint).scheduler());
        assertThat(info.scheduler())
                .isEqualTo("CogVideoXDPMScheduler")
                .isEqualTo(runs.getClass().getSimpleName());
    }

    @Test
    void shouldRefuseWhatIsNoCheckpoint(@TempDir Path directory) {
        assertThatThrownBy(() -> ModelInfo.read(directory.resolve("nowhere")))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining("nowhere")
                .hasMessageContaining("is not a directory");
        assertThatThrownBy(() -> ModelInfo.read(directory))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining("model_index.json: is missing");
    }

    @Test
    void shouldRefuseASizeThatTheModelCannotMake() {
        assertThatThrownBy(() -> ModelInfo.read("2b", Reference.CHECKPOINT, new ModelInfo.Size(null, 70, null)))
                .isInstanceOf(InvalidGenerationException.class)
                .hasMessageContaining("width is 70");
    }

    /** One tensor of two bytes, as a file. */
    private static byte[] tied() {
        byte[] header = "{\"encoder.embed_tokens.weight\":{\"dtype\":\"F16\",\"shape\":[1,1],\"data_offsets\":[0,2]}}"
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(Long.BYTES + header.length + 2)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    private static List<Path> safetensors(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .toList();
        }
    }

    /** Products of the shapes in a header, read as plain JSON. */
    private static long values(Path file) throws IOException {
        try (var in = new DataInputStream(Files.newInputStream(file))) {
            byte[] header = in.readNBytes(Math.toIntExact(Long.reverseBytes(in.readLong())));
            long values = 0;
            for (var tensor : new ObjectMapper().readTree(header).properties()) {
                if (!tensor.getKey().equals("__metadata__")) {
                    long product = 1;
                    for (JsonNode dimension : tensor.getValue().path("shape")) {
                        product *= dimension.asLong();
                    }
                    values += product;
                }
            }
            return values;
        }
    }
}
