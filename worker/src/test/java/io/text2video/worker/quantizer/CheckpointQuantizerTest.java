package io.text2video.worker.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.worker.Reference;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.CollectedFrames;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.pipeline.StepListener;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.Quantization;
import io.text2video.worker.quantization.QuantizationConflictException;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsFile;
import io.text2video.worker.weights.SafetensorsIndex;
import io.text2video.worker.weights.WeightMismatchException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class CheckpointQuantizerTest {
    @TempDir
    Path directory;

    private Path out;

    @BeforeEach
    void name() {
        out = directory.resolve("quantized");
    }

    @ParameterizedTest
    @ValueSource(strings = {"int8", "int8wo", "fp8", "transformer=int8,text_encoder=fp8,vae=int8wo"})
    void shouldLoadWhatQuantizingAtLoadTimeMakes(String schemes) throws IOException {
        // When
        write(Reference.TINY_CHECKPOINT, schemes);

        // Then
        Quantization asked = Quantization.of(schemes);
        assertThat(draw(out, Optional.empty()))
                .isEqualTo(draw(Reference.TINY_CHECKPOINT, Optional.of(asked)))
                .isEqualTo(draw(out, Optional.of(asked)))
                .isNotEqualTo(draw(Reference.TINY_CHECKPOINT, Optional.empty()));
    }

    @Test
    void shouldStoreABytePerWeightAndSayWhatItMeans() throws IOException {
        // When
        List<QuantizedPart> parts = write(Reference.TINY_CHECKPOINT, "int8");

        // Then
        assertThat(parts)
                .extracting(QuantizedPart::component)
                .containsExactly(Component.TEXT_ENCODER, Component.TRANSFORMER);
        assertThat(parts).extracting(QuantizedPart::layers).containsExactly(2 * 7, 6 * 6);
        SafetensorsIndex transformer = SafetensorsIndex.open(out.resolve("transformer"), Component.TRANSFORMER);
        assertThat(transformer.byteLength()).isEqualTo(parts.get(1).bytesAfter());
        assertThat(transformer
                        .tensors()
                        .get("transformer_blocks.0.ff.net.2.weight")
                        .dtype())
                .isEqualTo(SafetensorsDtype.I8);
        assertThat(transformer
                        .tensors()
                        .get("transformer_blocks.0.ff.net.2.weight_scale")
                        .shape())
                .containsExactly(128, 1);
        assertThat(transformer.tensors().get("proj_out.weight").dtype()).isEqualTo(SafetensorsDtype.F16);
        JsonNode config = new ObjectMapper()
                .readTree(out.resolve("transformer/config.json").toFile())
                .get("quantization_config");
        assertThat(config.at("/format").asText()).isEqualTo("int-quantized");
        assertThat(config.at("/config_groups/group_0/input_activations/strategy")
                        .asText())
                .isEqualTo("token");
        assertThat(config.at("/ignore")).extracting(JsonNode::asText).contains("proj_out", "time_embedding.linear_1");
    }

    @Test
    void shouldCopyWhatItLeavesAlone() throws IOException {
        // When
        write(Reference.TINY_CHECKPOINT, "int8");

        // Then
        for (String file : List.of(
                "model_index.json", "vae/diffusion_pytorch_model.safetensors", "scheduler/scheduler_config.json")) {
            assertThat(out.resolve(file)).hasSameBinaryContentAs(Reference.TINY_CHECKPOINT.resolve(file));
        }
        assertThat(Files.exists(out.resolve("tokenizer"))).isTrue();
    }

    @Test
    void shouldWriteShardsWhereAFileWouldBeTooLarge() throws IOException {
        // When
        new CheckpointQuantizer(Reference.TINY_CHECKPOINT, Quantization.of("int8"), 1_000_000)
                .write(out, CheckpointQuantizer.Listener.NONE);

        // Then
        SafetensorsIndex transformer = SafetensorsIndex.open(out.resolve("transformer"), Component.TRANSFORMER);
        assertThat(transformer.files()).hasSizeGreaterThan(2).allSatisfy(file -> {
            assertThat(Files.size(file)).isLessThan(1_100_000);
            assertThat(file.getFileName().toString())
                    .matches("diffusion_pytorch_model-0000\\d-of-0000\\d\\.safetensors");
        });
        assertThat(draw(out, Optional.empty()))
                .isEqualTo(draw(Reference.TINY_CHECKPOINT, Optional.of(Quantization.of("int8"))));
    }

    @Test
    void shouldRefuseToOverwrite() throws IOException {
        // Given
        Files.createDirectory(out);

        // Then
        assertThatThrownBy(() -> write(Reference.TINY_CHECKPOINT, "int8"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("exists");
        assertThat(out).isEmptyDirectory();
    }

    @Test
    void shouldRefuseWhatIsQuantizedAlreadyAndAnotherSchemeForIt() throws IOException {
        // Given
        write(Reference.TINY_CHECKPOINT, "transformer=int8");

        // Then
        assertThatThrownBy(() -> new CheckpointQuantizer(out, Quantization.of("fp8"))
                        .write(directory.resolve("again"), CheckpointQuantizer.Listener.NONE))
                .isInstanceOf(QuantizationConflictException.class)
                .hasMessageContaining("stored as int8");
        assertThatThrownBy(() -> draw(out, Optional.of(Quantization.of("fp8"))))
                .isInstanceOf(QuantizationConflictException.class)
                .hasMessageContaining("fp8 is asked for");
        assertThatThrownBy(() -> draw(out, Optional.of(Quantization.NONE)))
                .isInstanceOf(QuantizationConflictException.class)
                .hasMessageContaining("transformer=int8");
    }

    @Test
    void shouldRefuseWhatLeavesNothingToQuantize() {
        assertThatThrownBy(() -> write(Reference.TINY_CHECKPOINT, "none"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("none");
    }

    @Test
    void shouldRefuseADiskThatIsTooSmall() throws IOException {
        // Given a file whose length no disk here has room for; it takes none itself
        Path model = copy();
        try (RandomAccessFile sparse =
                new RandomAccessFile(model.resolve("LICENSE").toFile(), "rw")) {
            sparse.setLength(8L << 40);
        }

        // Then
        assertThatThrownBy(() -> write(model, "int8"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("GB free");
        assertThat(directory).isDirectoryNotContaining("glob:**quantized*");
    }

    @Test
    void shouldLeaveNothingBehindWhenAWeightIsNotFinite() throws IOException {
        // Given
        Path model = copy();
        Path file = model.resolve("transformer/diffusion_pytorch_model.safetensors");
        var weight = SafetensorsFile.read(file).tensors().get("transformer_blocks.5.ff.net.2.weight");
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(weight.offset() + 100);
            bytes.write(new byte[] {(byte) 0xFF, (byte) 0x7F}); // NaN in fp16
        }

        // Then
        assertThatThrownBy(() -> write(model, "int8"))
                .isInstanceOf(WeightMismatchException.class)
                .hasMessageContaining("transformer_blocks.5.ff.net.2.weight has values that are infinite or NaN");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(model);
        }
    }

    private List<QuantizedPart> write(Path model, String schemes) throws IOException {
        return new CheckpointQuantizer(model, Quantization.of(schemes)).write(out, CheckpointQuantizer.Listener.NONE);
    }

    private Path copy() throws IOException {
        Path model = directory.resolve("model");
        try (Stream<Path> files = Files.walk(Reference.TINY_CHECKPOINT)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        model.resolve(Reference.TINY_CHECKPOINT.relativize(file).toString()));
            }
        }
        return model;
    }

    private static byte[] draw(Path model, Optional<Quantization> quantization) throws IOException {
        var call = new GenerationParameters(
                "a red ball moving left on a black background", "", 2, 2.0, false, 0, 32, 32, 9, 8, 3, List.of(), null);
        var options = new PipelineOptions(Optional.empty(), quantization, false);
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(model, Map.of(), options)) {
            var collected = new CollectedFrames(call);
            pipeline.generate(call, StepListener.NONE, collected);
            return collected.frames().rgb();
        }
    }
}
