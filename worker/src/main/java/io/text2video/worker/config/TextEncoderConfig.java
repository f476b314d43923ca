package io.text2video.worker.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code text_encoder/config.json}: transformers' {@code T5Config} (4.57), as far as an encoder uses it.
 *
 * @param vocabSize rows of the embedding, at least the tokenizer's ids
 * @param dModel width of a token
 * @param dKv width of one attention head; {@code numHeads · dKv} need not be {@code dModel}
 * @param dFf inner width of the feed-forward
 * @param relativeAttentionMaxDistance in tokens; farther ones share the last bucket
 * @param layerNormEpsilon epsilon of the RMS norms
 * @param feedForwardProj always {@code gated-gelu}, the tanh approximation, as in T5 v1.1
 * @param padTokenId what fills the sequence up to the transformer's {@code max_text_seq_length}
 */
public record TextEncoderConfig(
        int vocabSize,
        int dModel,
        int dKv,
        int dFf,
        int numLayers,
        int numHeads,
        int relativeAttentionNumBuckets,
        int relativeAttentionMaxDistance,
        double layerNormEpsilon,
        String feedForwardProj,
        int eosTokenId,
        int padTokenId) {
    public static final String FOLDER = "text_encoder";

    private static final TextEncoderConfig DEFAULTS = ConfigFile.defaults(TextEncoderConfig.class, FOLDER);

    public TextEncoderConfig {
        Check.size("vocab_size", vocabSize);
        Check.size("d_model", dModel);
        Check.size("d_kv", dKv);
        Check.size("d_ff", dFf);
        Check.size("num_layers", numLayers);
        Check.size("num_heads", numHeads);
        Check.size("relative_attention_num_buckets", relativeAttentionNumBuckets);
        // Half of the buckets per direction, half of those for exact distances.
        Check.multiple("relative_attention_num_buckets", relativeAttentionNumBuckets, "an encoder's halves", 4);
        if (relativeAttentionMaxDistance <= relativeAttentionNumBuckets / 4) {
            throw new InvalidSettingException(
                    "relative_attention_max_distance",
                    relativeAttentionMaxDistance,
                    "must exceed a quarter of relative_attention_num_buckets (" + relativeAttentionNumBuckets + ")");
        }
        Check.positive("layer_norm_epsilon", layerNormEpsilon);
        Check.oneOf("feed_forward_proj", feedForwardProj, List.of("gated-gelu"));
        tokenId("eos_token_id", eosTokenId, vocabSize);
        tokenId("pad_token_id", padTokenId, vocabSize);
    }

    /** Width of all heads together: columns of the q, k and v projections. */
    public int attentionWidth() {
        return numHeads * dKv;
    }

    /**
     * The sizes are required, since transformers' own defaults are those of another model (t5-small).
     *
     * @throws InvalidCheckpointException when a field is missing, ill-typed or out of range
     * @throws IOException when the file cannot be read
     */
    public static TextEncoderConfig read(Path modelDirectory) throws IOException {
        return ConfigFile.open(modelDirectory.resolve(FOLDER).resolve("config.json"))
                .require("vocab_size", "d_model", "d_kv", "d_ff", "num_layers", "num_heads", "feed_forward_proj")
                .oneOf("model_type", List.of("t5"))
                // transformers lets these override what feed_forward_proj says.
                .oneOf("dense_act_fn", List.of("gelu_new", "gelu_pytorch_tanh"))
                .oneOf("is_gated_act", List.of("true"))
                .over(DEFAULTS);
    }

    private static void tokenId(String field, int id, int vocabSize) {
        if (id < 0 || id >= vocabSize) {
            throw new InvalidSettingException(field, id, "must be below vocab_size (" + vocabSize + ")");
        }
    }
}
