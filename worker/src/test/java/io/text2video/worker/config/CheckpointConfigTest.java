package io.text2video.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.scheduler.Scheduler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointConfigTest {
    private static final Path TINY = Path.of("..", "models", "cogvideox-tiny");

    @TempDir
    Path directory;

    @Test
    void shouldReadTheModelThatShipsWithTheProject() throws Exception {
        // When
        ModelIndex index = ModelIndex.read(TINY);
        TextEncoderConfig text = TextEncoderConfig.read(TINY);
        TransformerConfig transformer = TransformerConfig.read(TINY);
        VaeConfig vae = VaeConfig.read(TINY);
        SchedulerConfig scheduler = SchedulerConfig.read(TINY, index);
        GenerationConfig generation = GenerationConfig.read(TINY);

        // Then
        assertThat(index.imageToVideo()).isFalse();
        assertThat(index.schedulerClass()).isEqualTo(SchedulerConfig.DDIM);
        assertThat(index.components().get("vae"))
                .isEqualTo(new ModelIndex.Component("diffusers", "AutoencoderKLCogVideoX"));
        assertThat(text.dModel()).isEqualTo(transformer.textEmbedDim()).isEqualTo(64);
        assertThat(text.attentionWidth()).isEqualTo(64);
        assertThat(transformer.innerDim()).isEqualTo(128);
        assertThat(transformer.patchSizeT()).isNull();
        assertThat(transformer.maxTextSeqLength()).isEqualTo(32);
        assertThat(vae.blockOutChannels()).containsExactly(16, 16, 32, 32);
        assertThat(vae.scalingFactor()).isEqualTo(1.2924978733062744);
        assertThat(vae.spatialCompressionRatio()).isEqualTo(8);
        assertThat(scheduler.predictionType()).isEqualTo("v_prediction");
        assertThat(scheduler.snrShiftScale()).isEqualTo(3.0);
        assertThat(generation).isEqualTo(new GenerationConfig(25, 2.0, false, 64, 64, 17, 8));
    }

    @Test
    void shouldFillAbsentFieldsWithTheDefaultsOfDiffusers() throws Exception {
        // Given: what CogVideoX-2b, older than some fields, leaves out
        write("transformer/config.json", "{\"_class_name\": \"CogVideoXTransformer3DModel\", \"unknown\": 1}");
        write("vae/config.json", "{\"temporal_compression_ratio\": 4.0}");
        write("scheduler/scheduler_config.json", "{}");

        // When
        TransformerConfig transformer = TransformerConfig.read(directory);
        VaeConfig vae = VaeConfig.read(directory);
        SchedulerConfig scheduler = SchedulerConfig.read(directory, index(SchedulerConfig.DPM));
        GenerationConfig generation = GenerationConfig.read(directory);

        // Then
        assertThat(transformer.innerDim()).isEqualTo(1920);
        assertThat(transformer.patchBias()).isTrue();
        assertThat(transformer.ofsEmbedDim()).isNull();
        assertThat(vae.blockOutChannels()).containsExactly(128, 256, 256, 512);
        assertThat(vae.temporalCompressionRatio()).isEqualTo(4);
        assertThat(scheduler.className()).isEqualTo(SchedulerConfig.DPM);
        assertThat(scheduler.timestepSpacing()).isEqualTo("leading");
        assertThat(generation).isEqualTo(new GenerationConfig(50, 6, false, 480, 720, 49, 8));
    }

    @Test
    void shouldTakeTheSizeThatCogVideoX15WasTrainedAt() throws Exception {
        // Given
        write(
                "transformer/config.json",
                "{\"use_rotary_positional_embeddings\": true, \"patch_size_t\": 2, \"sample_height\": 300, \"sample_width\": 300, \"sample_frames\": 81}");
        write("vae/config.json", "{}");

        // When
        GenerationConfig generation = GenerationConfig.read(directory);

        // Then
        assertThat(generation).isEqualTo(new GenerationConfig(50, 6, true, 768, 1360, 81, 16));
    }

    /** As diffusers does: a component's own config may have been written by another class. */
    @ParameterizedTest
    @CsvSource({
        "CogVideoXDPMScheduler,  CogVideoXDDIMScheduler",
        "CogVideoXDDIMScheduler, CogVideoXDPMScheduler",
        "CogVideoXDDIMScheduler, EulerDiscreteScheduler"
    })
    void shouldRunTheSchedulerThatTheIndexNames(String indexed, String written) throws Exception {
        // Given
        write(
                "scheduler/scheduler_config.json",
                "{\"_class_name\": \"%s\", \"timestep_spacing\": \"trailing\"}".formatted(written));

        // When
        SchedulerConfig scheduler = SchedulerConfig.read(directory, index(indexed));

        // Then
        assertThat(scheduler.className()).isEqualTo(indexed);
        assertThat(scheduler.timestepSpacing()).isEqualTo("trailing");
        assertThat(Scheduler.of(scheduler).getClass().getSimpleName()).isEqualTo(indexed);
    }

    @Test
    void shouldReadNetworksAsTheClassesOfTheIndex() throws Exception {
        // Given
        write("transformer/config.json", "{\"_class_name\": \"MyTransformer\", \"num_layers\": 3}");
        write("vae/config.json", "{\"_class_name\": \"MyVae\", \"scaling_factor\": 0.7}");

        // When / Then
        assertThat(TransformerConfig.read(directory).numLayers()).isEqualTo(3);
        assertThat(VaeConfig.read(directory).scalingFactor()).isEqualTo(0.7);
    }

    @Test
    void shouldGiveFieldsThatWereFilledInTheDefaultsOfTheirClass() throws Exception {
        // Given
        write(
                "scheduler/scheduler_config.json",
                "{\"beta_end\": 0.5, \"snr_shift_scale\": 1.0, \"_use_default_values\": [\"beta_end\"]}");

        // When
        SchedulerConfig scheduler = SchedulerConfig.read(directory, index(SchedulerConfig.DDIM));

        // Then
        assertThat(scheduler.betaEnd()).isEqualTo(0.012);
        assertThat(scheduler.snrShiftScale()).isEqualTo(1);
    }

    @Test
    void shouldReadJsonAsPythonDoes() throws Exception {
        // Given
        write("transformer/config.json", "{\"num_layers\": 2, \"num_layers\": 3, \"dropout\": NaN, \"x\": -Infinity}");

        // When / Then
        assertThat(TransformerConfig.read(directory).numLayers()).isEqualTo(3);
    }

    @Test
    void shouldCopyLists() throws Exception {
        // Given
        write("vae/config.json", "{}");

        // When
        List<Integer> channels = VaeConfig.read(directory).blockOutChannels();

        // Then
        assertThat(channels).isUnmodifiable();
    }

    private static ModelIndex index(String scheduler) {
        return new ModelIndex(
                "CogVideoXPipeline", Map.of("scheduler", new ModelIndex.Component("diffusers", scheduler)));
    }

    private void write(String name, String json) throws Exception {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, json);
    }
}
