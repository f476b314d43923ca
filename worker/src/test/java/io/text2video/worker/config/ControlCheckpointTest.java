package io.text2video.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which checkpoints draw along a control video. */
class ControlCheckpointTest {
    private static final String CONTROL = "CogVideoXFunControlPipeline";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CogVideoXFunControlPipeline   | \"in_channels\": 32 | true",
                "CogVideoXFunControlPipeline   | \"in_channels\": 32, \"use_rotary_positional_embeddings\": true | true",
                "CogVideoXPipeline             | \"in_channels\": 32 | true",
                "CogVideoXPipeline             | \"in_channels\": 32, \"use_rotary_positional_embeddings\": true | true",
                "CogVideoXPipeline             | \"in_channels\": 16 | false",
                "CogVideoXImageToVideoPipeline | \"in_channels\": 32 | false",
                "CogVideoXPipeline | \"in_channels\": 32, \"use_rotary_positional_embeddings\": true, \"use_learned_positional_embeddings\": true | false",
                "CogVideoXPipeline | \"in_channels\": 32, \"use_rotary_positional_embeddings\": true, \"ofs_embed_dim\": 512 | false",
                "CogVideoXPipeline | \"in_channels\": 32, \"use_rotary_positional_embeddings\": true, \"patch_size_t\": 2 | false",
            })
    void shouldKnowAControlModel(String named, String transformer, boolean control) throws IOException {
        // When
        ModelIndex running = index(named, "CogVideoXDDIMScheduler").running(transformer(transformer));

        // Then
        assertThat(running.funControl()).isEqualTo(control);
        assertThat(running.className()).isEqualTo(control ? CONTROL : named);
    }

    @Test
    void shouldReadTheReferencesAsControlModels() throws IOException {
        for (String kind : new String[] {"control/2b", "control/5b"}) {
            PipelineConfig config = PipelineConfig.read(Reference.checkpoint(kind));

            assertThat(config.index().className()).isEqualTo(CONTROL);
            assertThat(config.transformer().inChannels())
                    .isEqualTo(2 * config.vae().latentChannels());
            assertThat(CheckpointFiles.open(Reference.checkpoint(kind))
                            .defaults()
                            .useDynamicCfg())
                    .isFalse();
        }
    }

    /** diffusers calls its step without what it needs. */
    @Test
    void shouldRefuseDpmInAControlModel() throws IOException {
        ModelIndex index = index(CONTROL, "CogVideoXDPMScheduler");
        TransformerConfig transformer = transformer("\"in_channels\": 32");

        assertThatThrownBy(() -> index.running(transformer))
                .isInstanceOf(UnsupportedCheckpointException.class)
                .hasMessage(
                        "scheduler is CogVideoXDPMScheduler, but this engine implements CogVideoXDDIMScheduler for a %s",
                        CONTROL);
    }

    @Test
    void shouldRefuseOfsInAControlModel() throws IOException {
        ModelIndex index = index(CONTROL, "CogVideoXDDIMScheduler");
        TransformerConfig transformer = transformer("\"in_channels\": 32, \"ofs_embed_dim\": 512");

        assertThatThrownBy(() -> index.running(transformer))
                .isInstanceOf(UnsupportedCheckpointException.class)
                .hasMessageStartingWith("ofs_embed_dim is 512, but");
    }

    private static ModelIndex index(String named, String scheduler) {
        return new ModelIndex(named, Map.of("scheduler", new ModelIndex.Component("diffusers", scheduler)));
    }

    private TransformerConfig transformer(String fields) throws IOException {
        write("transformer/config.json", "{" + fields + "}");
        return TransformerConfig.read(directory);
    }

    private void write(String name, String json) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, json);
    }
}
