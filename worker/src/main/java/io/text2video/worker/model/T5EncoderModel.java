package io.text2video.worker.model;

import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.kernels.TextKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoder of T5 v1.1. Without an attention mask: pads attend as other tokens do, which is how CogVideoX was trained.
 *
 * <p>Source: transformers 4.57, {@code models/t5/modeling_t5.py}. Safe across threads; its weights belong to the scope
 * they were opened with.
 */
public final class T5EncoderModel {
    private final TextEncoderConfig config;
    private final DType computeType;
    private final Tensor shared;
    private final Tensor relativeAttentionBias;
    private final List<T5Block> blocks;
    private final Tensor finalLayerNorm;

    /**
     * Takes its weights by name.
     *
     * @throws IOException when the weights do not fit the config
     */
    public T5EncoderModel(TextEncoderConfig config, Weights weights) throws IOException {
        this.config = config;
        this.computeType = weights.computeType();
        this.shared = weights.at("shared").embedding(config.vocabSize(), config.dModel());
        Weights encoder = weights.at("encoder");
        // Some exports write the tied embedding a second time.
        encoder.at("embed_tokens").skip();
        this.relativeAttentionBias = encoder.at("block")
                .at(0)
                .at("layer")
                .at(0)
                .at("SelfAttention")
                .at("relative_attention_bias")
                .tensor("weight", config.relativeAttentionNumBuckets(), config.numHeads());
        this.blocks = new ArrayList<>();
        for (int i = 0; i < config.numLayers(); i++) {
            blocks.add(new T5Block(config, encoder.at("block").at(i).at("layer")));
        }
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
            Tensor bias = TextKernels.positionBias(
                    scope, relativeAttentionBias, ids.length, config.relativeAttentionMaxDistance());
            Tensor x = TextKernels.embed(scope, tokens, shared, computeType); // [1, S, dModel]
            for (T5Block block : blocks) {
                Tensor next = block.forward(scope, x, bias);
                x.free();
                x = next;
            }
            return TextKernels.rmsNorm(out, x, finalLayerNorm, config.layerNormEpsilon());
        }
    }
}
