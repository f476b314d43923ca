package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.UnsupportedCheckpointException;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TransformerKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The denoiser: latents, text and a timestep in, the predicted velocity of the latents out.
 *
 * <p>Source: diffusers 0.39, {@code models/transformers/cogvideox_transformer_3d.py}. Safe across threads; its weights
 * belong to the scope they were opened with.
 */
public final class CogVideoXTransformer3DModel {
    private final TransformerConfig config;
    private final CogVideoXPatchEmbed patchEmbed;
    private final TimestepEmbedding timeEmbedding;
    private final List<CogVideoXBlock> transformerBlocks;
    private final LayerWeight normFinal;
    private final LayerWeight normOutLinear;
    private final LayerWeight normOut;
    private final LayerWeight projOut;

    /**
     * Takes its weights by name.
     *
     * @throws UnsupportedCheckpointException when the config asks for rotary or learned positions, patches over time or an
     *     {@code ofs} embedding
     * @throws IOException when the weights do not fit the config
     */
    public CogVideoXTransformer3DModel(TransformerConfig config, Weights weights) throws IOException {
        requireImplemented(config);
        this.config = config;
        int width = config.innerDim();
        int patch = config.patchSize();
        this.patchEmbed = new CogVideoXPatchEmbed(config, weights.at("patch_embed"));
        this.timeEmbedding = new TimestepEmbedding(config, weights.at("time_embedding"));
        this.transformerBlocks = new ArrayList<>();
        for (int i = 0; i < config.numLayers(); i++) {
            transformerBlocks.add(
                    new CogVideoXBlock(config, weights.at("transformer_blocks").at(i)));
        }
        this.normFinal = weights.at("norm_final").norm(width, config.normElementwiseAffine());
        this.normOutLinear = weights.at("norm_out").at("linear").linear(2L * width, config.timeEmbedDim(), true);
        this.normOut = weights.at("norm_out").at("norm").norm(width, config.normElementwiseAffine());
        this.projOut = weights.at("proj_out").linear((long) patch * patch * config.outChannels(), width, true);
    }

    /**
     * Where each video token lies, for every forward pass over latents of one size.
     *
     * @param frames latent frames, F
     * @param height of the latents, a multiple of {@code patchSize}
     * @param width of the latents, a multiple of {@code patchSize}
     * @return [1, V, D] with V = frames · height/patchSize · width/patchSize
     */
    public Tensor positions(MemoryScope out, int frames, int height, int width) {
        requireMultiple("height", height);
        requireMultiple("width", width);
        return patchEmbed.positions(out, frames, height, width);
    }

    /**
     * One prediction.
     *
     * @param out owns the result
     * @param latents [B, F, inChannels, h, w]
     * @param text [B, T, textEmbedDim]
     * @param timestep of all of the batch, from 0 to the scheduler's last
     * @param positions of these latents, from {@link #positions}
     * @return [B, F, outChannels, h, w]
     */
    public Tensor forward(MemoryScope out, Tensor latents, Tensor text, double timestep, Tensor positions) {
        int tokens = text.size(1);
        int frames = latents.size(1);
        int rows = latents.size(3) / config.patchSize();
        int columns = latents.size(4) / config.patchSize();
        try (MemoryScope scope = out.open()) {
            Tensor temb = timeEmbedding.forward(scope, timestep); // [1, E]
            Tensor x = patchEmbed.forward(scope, latents, text, positions); // [B, T+V, D]
            for (CogVideoXBlock block : transformerBlocks) {
                Tensor next = block.forward(scope, x, temb, tokens);
                x.free();
                x = next;
            }
            Tensor patches = TransformerKernels.outputProjection(
                    scope, x, temb, tokens, normFinal, normOutLinear, normOut, projOut, config.normEps());
            return TransformerKernels.unpatchify(out, patches, frames, rows, columns, config.patchSize());
        }
    }

    private void requireMultiple(String name, int size) {
        if (size < 1 || size % config.patchSize() != 0) {
            throw new IllegalArgumentException("the latents' %s is %d, but must be a positive multiple of patch_size %d"
                    .formatted(name, size, config.patchSize()));
        }
    }

    private static void requireImplemented(TransformerConfig config) throws UnsupportedCheckpointException {
        if (config.useRotaryPositionalEmbeddings()) {
            throw new UnsupportedCheckpointException("use_rotary_positional_embeddings", true, "3D sin-cos positions");
        }
        if (config.useLearnedPositionalEmbeddings()) {
            throw new UnsupportedCheckpointException("use_learned_positional_embeddings", true, "3D sin-cos positions");
        }
        if (config.patchSizeT() != null) {
            throw new UnsupportedCheckpointException(
                    "patch_size_t", config.patchSizeT(), "patches of one frame (null)");
        }
        if (config.ofsEmbedDim() != null) {
            throw new UnsupportedCheckpointException("ofs_embed_dim", config.ofsEmbedDim(), "models without it (null)");
        }
    }
}
