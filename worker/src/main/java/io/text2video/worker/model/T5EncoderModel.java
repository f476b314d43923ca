package io.text2video.worker.model;

import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;

/**
 * The encoder of T5 v1.1. A GPU holds one block at a time: T5-XXL's, 11.5 GB, would leave little for the video. Without an attention mask: pads attend as other tokens do, which is how CogVideoX was trained.
 *
 * <p>Source: transformers 4.57, {@code models/t5/modeling_t5.py}. Safe across threads; its weights belong to the scope
 * they were opened with.
 */
public final class T5EncoderModel {
    /** The table of tokens, of which a prompt takes a few hundred rows. */
    public static final String TABLE = "shared.weight";

    /** The same under its other name, which some exports write too, or alone. */
    public static final String TIED_TABLE = "encoder.embed_tokens.weight";

    /** How the keys end of what exceeds fp16's range, and is fp32 where the rest is fp16. */
    public static final String WIDE_IN_FP16 = ".DenseReluDense.wo.weight";

    private final TextEncoderConfig config;
    private final DType computeType;
    private final Tensor shared;
    private final Tensor relativeAttentionBias;
    private final Blocks<Block> blocks;
    private final Tensor finalLayerNorm;

    /**
     * Takes its weights by name.
     *
     * @throws IOException when the weights do not fit the config
     */
    public T5EncoderModel(TextEncoderConfig config, Weights weights) throws IOException {
        this.config = config;
        this.computeType = weights.computeType();
        Weights encoder = weights.at("encoder");
        Weights table =
                weights.has(TABLE) || !weights.has(TIED_TABLE) ? weights.at("shared") : encoder.at("embed_tokens");
        this.shared = table.embedding(config.vocabSize(), config.dModel());
        weights.skip(TIED_TABLE);
        this.relativeAttentionBias = encoder.at("block")
                .at(0)
                .at("layer")
                .at(0)
                .at("SelfAttention")
                .at("relative_attention_bias")
                .tensor("weight", config.relativeAttentionNumBuckets(), config.numHeads());
        Blocks.Maker<Block> maker = block -> new Block(config, block.at("layer"));
        this.blocks = weights.device().isCuda()
                ? Blocks.stream(weights.owner(), encoder.at("block"), config.numLayers(), maker)
                : Blocks.hold(encoder.at("block"), config.numLayers(), maker);
        this.finalLayerNorm = encoder.at("final_layer_norm").tensor("weight", config.dModel());
    }

    /**
     * Encodes one text.
     *
     * @param out owns the result
     * @param ids S token ids, padded
     * @return the last hidden state, [1, S, dModel]
     */
    public Tensor forward(MemoryScope out, long... ids) {
        try (MemoryScope scope = out.open()) {
            Tensor tokens = TensorKernels.ofLongs(scope, ids, 1, ids.length);
            Tensor bias = scope.call( // [1, H, S, S]
                    "t5_position_bias", relativeAttentionBias, ids.length, config.relativeAttentionMaxDistance());
            Tensor x = scope.call("t5_embed", tokens, shared, computeType); // [1, S, dModel]
            for (int i = 0; i < blocks.size(); i++) {
                Tensor input = x;
                x = blocks.with(scope, i, block -> block.forward(scope, input, bias)); // [1, S, dModel]
                input.free();
            }
            return out.call("rms_norm", x, finalLayerNorm, config.layerNormEpsilon());
        }
    }

    /** {@code T5Block}: self-attention and a gated feed-forward, each behind a norm and added to its input. */
    private static final class Block {
        private final double eps;
        private final Tensor attentionNorm;
        private final LayerWeight q;
        private final LayerWeight k;
        private final LayerWeight v;
        private final LayerWeight o;
        private final Tensor feedForwardNorm;
        private final LayerWeight wi0;
        private final LayerWeight wi1;
        private final LayerWeight wo;

        /** Of the weights given, layer 0 attends and layer 1 feeds forward. */
        Block(TextEncoderConfig config, Weights layers) throws IOException {
            int width = config.dModel();
            int inner = config.attentionWidth();
            this.eps = config.layerNormEpsilon();
            Weights attention = layers.at(0).at("SelfAttention");
            this.attentionNorm = layers.at(0).at("layer_norm").tensor("weight", width);
            this.q = attention.at("q").linear(inner, width, false);
            this.k = attention.at("k").linear(inner, width, false);
            this.v = attention.at("v").linear(inner, width, false);
            this.o = attention.at("o").linear(width, inner, false);
            Weights feedForward = layers.at(1).at("DenseReluDense");
            this.feedForwardNorm = layers.at(1).at("layer_norm").tensor("weight", width);
            this.wi0 = feedForward.at("wi_0").linear(config.dFf(), width, false);
            this.wi1 = feedForward.at("wi_1").linear(config.dFf(), width, false);
            this.wo = feedForward.at("wo").beyondFp16().linear(width, config.dFf(), false);
        }

        /** x + attention(norm(x)), then that + wo(gelu(wi_0(norm)) · wi_1(norm)), [1, S, dModel]. */
        Tensor forward(MemoryScope out, Tensor x, Tensor positionBias) {
            try (MemoryScope scope = out.open()) {
                Tensor attended = scope.call("t5_attention", x, attentionNorm, q, k, v, o, positionBias, eps);
                return out.call("t5_feed_forward", attended, feedForwardNorm, wi0, wi1, wo, eps);
            }
        }
    }
}
