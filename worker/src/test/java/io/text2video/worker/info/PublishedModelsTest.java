package io.text2video.worker.info;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The five published models, by their configs and headers of full length. */
class PublishedModelsTest {
    private static final double BILLION = 1e9;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "CogVideoX-2b,        F16,  fp16, 1.69, 480,  720, 49,  8, false, '3D sin-cos',       17776",
        "CogVideoX-5b,        BF16, bf16, 5.57, 480,  720, 49,  8, false, 'rotary',           17776",
        "CogVideoX-5b-I2V,    BF16, bf16, 5.63, 480,  720, 49,  8, true,  'rotary + learned', 17776",
        "CogVideoX1.5-5B,     BF16, bf16, 5.57, 768, 1360, 81, 16, false, 'rotary',           45106",
        "CogVideoX1.5-5B-I2V, BF16, bf16, 5.57, 768, 1360, 81, 16, true,  'rotary',           45106"
    })
    void shouldKnowThePublishedModels(
            String name,
            String stored,
            String dtype,
            double billions,
            int height,
            int width,
            int frames,
            int fps,
            boolean image,
            String positions,
            int tokens)
            throws IOException {
        var checkpoint = PublishedCheckpoint.write(directory, name, stored);

        ModelInfo info = ModelInfo.read(checkpoint.directory());

        assertThat(info.kind()).isEqualTo(name);
        assertThat(info.published()).isTrue();
        assertThat(info.publishedDtype().label()).isEqualTo(dtype);
        assertThat(info.positions()).isEqualTo(positions);
        assertThat(info.memory().tokens()).isEqualTo(tokens);
        assertThat(info.generation().imageRequired()).isEqualTo(image);
        assertThat(info.generation().trained())
                .extracting("height", "width", "numFrames", "fps")
                .containsExactly(height, width, frames, fps);
        for (ComponentInfo component : info.components()) {
            long values = checkpoint.values(component.name());
            assertThat(component.parameters()).as(component.name()).isEqualTo(values);
            assertThat(component.bytes()).isBetween(2 * values, 2 * values + 1_000_000);
        }
        assertThat(info.components().get(0).parameters() / BILLION).isCloseTo(4.76, within(0.005));
        assertThat(info.components().get(1).parameters() / BILLION).isCloseTo(billions, within(0.006));
        assertThat(info.components().get(2).parameters() / BILLION).isCloseTo(0.2, within(0.02));
    }

    @Test
    void shouldCountTheWeightsOfEachPrecision() throws IOException {
        var checkpoint = PublishedCheckpoint.write(directory, "CogVideoX-5b", "BF16");
        long text = checkpoint.values("text_encoder");
        long transformer = checkpoint.values("transformer");

        MemoryEstimate memory = ModelInfo.read(checkpoint.directory()).memory();

        assertThat(row(memory, Precision.FP32).textEncoder()).isEqualTo(4 * text);
        assertThat(row(memory, Precision.BF16).transformer()).isEqualTo(2 * transformer);
        // 24 layers' wo stay in fp32, or T5-XXL overflows.
        assertThat(row(memory, Precision.FP16).textEncoder()).isEqualTo(2 * text + 2L * 24 * 4096 * 10240);
        assertThat(row(memory, Precision.FP16).safe()).isFalse();
        assertThat(memory.rows())
                .filteredOn(row -> row.weights() != Precision.FP16)
                .allMatch(MemoryRow::safe);
        // The seven linears of each of T5's 24 layers: q, k, v and o are square, wi_0, wi_1 and wo 2.5 times as long.
        long textLinears = 24L * (4 * 4096 * 4096 + 3 * 4096 * 10240);
        long textScales = 24L * (4 * 4096 + 2 * 10240 + 4096);
        assertThat(row(memory, Precision.INT8).textEncoder())
                .isEqualTo(textLinears + 4 * textScales + 2 * (text - textLinears));
        // And the six of each of the transformer's 42: q, k, v, out, and up and down, four times as wide.
        long linears = 42L * (4 * 3072 * 3072 + 2 * 4 * 3072 * 3072);
        long scales = 42L * (4 * 3072 + 4 * 3072 + 3072);
        assertThat(row(memory, Precision.FP8).transformer())
                .isEqualTo(linears + 4 * scales + 2 * (transformer - linears));
        assertThat(row(memory, Precision.FP8).vae())
                .isEqualTo(row(memory, Precision.BF16).vae());
    }

    @Test
    void shouldCountTheImagesEncoderOnlyWhereThereIsAnImage() throws IOException {
        var video = PublishedCheckpoint.write(directory.resolve("video"), "CogVideoX-5b", "BF16");
        var image = PublishedCheckpoint.write(directory.resolve("image"), "CogVideoX-5b-I2V", "BF16");

        long decoder =
                row(ModelInfo.read(video.directory()).memory(), Precision.FP32).vae();
        long both =
                row(ModelInfo.read(image.directory()).memory(), Precision.FP32).vae();

        assertThat(both).isEqualTo(4 * image.values("vae"));
        assertThat(decoder).isLessThan(both);
    }

    @Test
    void shouldEstimateWhatAGpuTakes() throws IOException {
        var checkpoint = PublishedCheckpoint.write(directory, "CogVideoX-2b", "F16");

        MemoryRow row = row(ModelInfo.read(checkpoint.directory()).memory(), Precision.FP16);

        // Transformer and VAE are there, and never the text encoder as a whole.
        long there = row.transformer() + row.vae();
        assertThat(row.gpu()).isBetween(there, there + row.textEncoder());
        assertThat(row.gpuLeast()).isLessThan(row.textEncoder());
    }

    @Test
    void shouldKeepHalfPrecisionMappedWhereTheCpuComputes() throws IOException {
        Path checkpoint =
                PublishedCheckpoint.write(directory, "CogVideoX-5b", "BF16").directory();

        MemoryRow row = row(ModelInfo.read(checkpoint).memory(), Precision.FP32);

        // Nearly all of it is as large as it is stored, and mapped; on a device it would be twice that.
        long onDevice = row.textEncoder() + row.transformer() + row.vae();
        assertThat(row.hostOnCpuMapped()).isBetween(onDevice * 49 / 100, onDevice / 2);
        assertThat(row.hostOnCpuMapped()).isLessThan(row.hostOnCpu());
    }

    @Test
    void shouldEstimateForTheSizeThatIsAsked() throws IOException {
        Path checkpoint =
                PublishedCheckpoint.write(directory, "CogVideoX1.5-5B", "BF16").directory();

        MemoryEstimate memory = ModelInfo.read("small", checkpoint, new ModelInfo.Size(480, 720, 17))
                .memory();

        // Five latent frames are filled up to six, two a patch.
        assertThat(memory.latentFrames()).isEqualTo(6);
        assertThat(memory.tokens()).isEqualTo(226 + 3 * 30 * 45);
    }

    private static MemoryRow row(MemoryEstimate memory, Precision weights) {
        return memory.rows().stream()
                .filter(row -> row.weights() == weights)
                .findFirst()
                .orElseThrow();
    }
}
