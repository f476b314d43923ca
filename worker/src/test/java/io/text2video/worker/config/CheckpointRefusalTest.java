package io.text2video.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointRefusalTest {
    private static final String T5 = "{\"vocab_size\": 32128, \"d_model\": 4096, \"d_kv\": 64, \"d_ff\": 10240,"
            + " \"num_layers\": 24, \"num_heads\": 64, \"feed_forward_proj\": \"gated-gelu\"}";
    private static final String INDEX = "{\"_class_name\": \"CogVideoXPipeline\","
            + " \"scheduler\": [\"diffusers\", \"CogVideoXDDIMScheduler\"],"
            + " \"text_encoder\": [\"transformers\", \"T5EncoderModel\"],"
            + " \"tokenizer\": [\"transformers\", \"T5Tokenizer\"],"
            + " \"transformer\": [\"diffusers\", \"CogVideoXTransformer3DModel\"],"
            + " \"vae\": [\"diffusers\", \"AutoencoderKLCogVideoX\"]}";

    @TempDir
    Path directory;

    private interface Reader {
        Object read(Path modelDirectory) throws IOException;
    }

    private static Arguments refused(String file, Reader reader, String json, String field, String... message) {
        return arguments(file, reader, json, field, message);
    }

    private static Arguments transformer(String json, String field, String... message) {
        return refused("transformer/config.json", TransformerConfig::read, json, field, message);
    }

    private static Arguments vae(String json, String field, String... message) {
        return refused("vae/config.json", VaeConfig::read, json, field, message);
    }

    private static Arguments scheduler(String json, String field, String... message) {
        return refused(
                "scheduler/scheduler_config.json",
                model -> SchedulerConfig.read(model, ModelIndex.read(model)),
                json,
                field,
                message);
    }

    private static Arguments text(String json, String field, String... message) {
        return refused("text_encoder/config.json", TextEncoderConfig::read, json, field, message);
    }

    private static Arguments index(String json, String field, String... message) {
        return refused("model_index.json", ModelIndex::read, json, field, message);
    }

    static Stream<Arguments> checkpoints() {
        return Stream.of(
                transformer("{", "", "is not JSON"),
                transformer("[]", "", "is not a JSON object"),
                transformer("{} {}", "", "is not JSON"),
                transformer("{\"num_layers\": NaN}", "num_layers", "(NaN)", "wrong type"),
                transformer("{\"norm_eps\": NaN}", "norm_eps", "(NaN)", "positive and finite"),
                transformer("{\"num_layers\": \"2\"}", "num_layers", "(\"2\")", "wrong type"),
                transformer("{\"num_layers\": 2.5}", "num_layers", "(2.5)", "wrong type"),
                transformer("{\"num_layers\": null}", "num_layers", "(null)", "wrong type"),
                transformer("{\"num_layers\": 99999999999}", "num_layers", "(99999999999)"),
                transformer("{\"num_layers\": 0}", "num_layers", "(0)"),
                transformer("{\"norm_eps\": -1.0}", "norm_eps", "(-1.0)"),
                transformer("{\"in_channels\": 24}", "in_channels", "(24)", "out_channels (16)"),
                transformer("{\"activation_fn\": \"relu\"}", "activation_fn", "(relu)", "gelu-approximate"),
                transformer(
                        "{\"attention_head_dim\": 24, \"use_rotary_positional_embeddings\": true}",
                        "attention_head_dim",
                        "(24)",
                        "(16)"),
                transformer(
                        "{\"use_learned_positional_embeddings\": true}",
                        "use_learned_positional_embeddings",
                        "needs use_rotary_positional_embeddings"),
                vae("{\"block_out_channels\": [128, 250, 256, 512]}", "block_out_channels", "(250)", "(32)"),
                vae("{\"block_out_channels\": [128, 256]}", "down_block_types", "(4)", "block_out_channels (2)"),
                vae("{\"block_out_channels\": []}", "block_out_channels", "([])"),
                vae("{\"block_out_channels\": [1, \"x\"]}", "block_out_channels", "wrong type"),
                vae("{\"temporal_compression_ratio\": 3}", "temporal_compression_ratio", "(3)", "power of two"),
                vae("{\"use_post_quant_conv\": true}", "out_channels", "(3)", "latent_channels (16)"),
                vae("{\"scaling_factor\": 0}", "scaling_factor", "(0.0)"),
                scheduler(
                        "{\"_class_name\": \"CogVideoXDDIMScheduler\", \"trained_betas\": [0.1]}",
                        "trained_betas",
                        "not supported"),
                scheduler(
                        "{\"_class_name\": \"CogVideoXDDIMScheduler\", \"beta_end\": 1e-9}",
                        "beta_end",
                        "(1.0E-9)",
                        "beta_start (8.5E-4)"),
                text(T5.replace("\"d_kv\": 64, ", ""), "d_kv", "(missing)", "is required"),
                text(T5.replace("gated-gelu", "relu"), "feed_forward_proj", "(relu)"),
                text(T5.replace("{", "{\"dense_act_fn\": \"relu\", "), "dense_act_fn", "(\"relu\")", "gelu_new"),
                text(T5.replace("{", "{\"is_gated_act\": false, "), "is_gated_act", "(false)", "true"),
                text(T5.replace("32128", "1"), "eos_token_id", "(1)", "vocab_size (1)"),
                index(
                        INDEX.replace("CogVideoXPipeline", "StableDiffusionPipeline"),
                        "_class_name",
                        "CogVideoXImageToVideoPipeline"),
                index(INDEX.replace("T5Tokenizer", "CLIPTokenizer"), "tokenizer", "CLIPTokenizer", "T5Tokenizer"),
                index(
                        INDEX.replace("[\"diffusers\", \"CogVideoXT", "[\"mine\", \"CogVideoXT"),
                        "transformer",
                        "mine",
                        "must be diffusers.CogVideoXTransformer3DModel"),
                index(INDEX.replace("XDDIMS", "XEulerS"), "scheduler", "diffusers.CogVideoXDPMScheduler"),
                index(INDEX.replace("\"vae\"", "\"vaes\""), "vae", "(missing)"),
                index(INDEX.replace("[\"diffusers\", \"AutoencoderKLCogVideoX\"]", "[null, null]"), "vae", "a pair"));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("checkpoints")
    void shouldNameFileFieldAndValue(String name, Reader reader, String json, String field, String[] message)
            throws Exception {
        // Given
        Files.writeString(directory.resolve("model_index.json"), INDEX);
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, json);

        // When
        InvalidCheckpointException refusal =
                catchThrowableOfType(InvalidCheckpointException.class, () -> reader.read(directory));

        // Then
        assertThat(refusal).isNotNull();
        assertThat(refusal.file()).isEqualTo(file);
        assertThat(refusal.field()).isEqualTo(field);
        assertThat(refusal).hasMessageContainingAll(message).hasMessageContaining(name);
    }

    @ParameterizedTest
    @MethodSource("readers")
    void shouldNameTheFileThatIsMissing(Reader reader, String name) {
        // When
        InvalidCheckpointException refusal =
                catchThrowableOfType(InvalidCheckpointException.class, () -> reader.read(directory));

        // Then
        assertThat(refusal.file()).isEqualTo(directory.resolve(name));
        assertThat(refusal).hasMessageContaining("is missing");
    }

    static Stream<Arguments> readers() {
        return Stream.of(
                arguments((Reader) ModelIndex::read, "model_index.json"),
                arguments((Reader) TransformerConfig::read, "transformer/config.json"),
                arguments((Reader) GenerationConfig::read, "transformer/config.json"));
    }
}
