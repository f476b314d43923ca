package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.CogVideoXBlock.Conditioning;
import io.text2video.worker.model.Embeddings.PatchEmbed;
import io.text2video.worker.model.Embeddings.TimestepEmbedding;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.List;

/**
 * The denoiser: latents, text and a timestep in, the predicted velocity of the latents out.
 *
 * <p>Source: diffusers 0.39, {@code models/transformers/cogvideox_transformer_3d.py}. Safe across threads; its weights
 * belong to the scope they were opened with.
 */
public final class CogVideoXTransformer3DModel {
    /** What the pipeline of the reference gives for {@code ofs}, at every step. */
    private static final double OFS = 2;

    /**
     * Operations that a GPU is told to do before it is waited for, where the work may be interrupted. A wait leaves it idle for
     * some 50 µs, and the fastest takes a thousand times as long for these.
     */
    private static final long MOST_AHEAD = 20_000_000_000_000L;

    private final TransformerConfig config;
    private final PatchEmbed patchEmbed;
    private final TimestepEmbedding timeEmbedding;

    /** Null where the model has none. */
    private final TimestepEmbedding ofsEmbedding;

    private final Blocks<CogVideoXBlock> transformerBlocks;
    private final LayerWeight normFinal;
    private final LayerWeight normOutLinear;
    private final LayerWeight normOut;
    private final LayerWeight projOut;

    /**
     * Where the tokens lie, for every forward pass over latents of one size.
     *
     * @param added to the sequence's last tokens: [1, V, D], [1, T+V, D] or none
     * @param rotary cosines and sines [V, d/2, 2] in fp32, which turn the video's queries and keys (arXiv:2104.09864); or none
     */
    public record Positions(List<Tensor> added, List<Tensor> rotary) {
        public Positions {
            added = List.copyOf(added);
            rotary = List.copyOf(rotary);
        }
    }

    /**
     * What one forward pass is given.
     *
     * @param latents [B, F, inChannels, h, w]
     * @param text [B, T, textEmbedDim]
     * @param timestep of all of the batch, from 0 to the scheduler's last
     * @param positions of these latents, from {@link #positions}
     * @param cache of the steps before this one
     * @param slice tokens that the feed-forward takes at a time, of each of the batch: the fewer, the less memory
     */
    public record Pass(Tensor latents, Tensor text, double timestep, Positions positions, StepCache cache, int slice) {
        /** A pass over whole sequences, of which nothing is kept. */
        public Pass(Tensor latents, Tensor text, double timestep, Positions positions) {
            this(latents, text, timestep, positions, StepCache.NONE, Integer.MAX_VALUE);
        }
    }

    /**
     * Takes its weights by name.
     *
     * @throws IOException when the weights do not fit the config
     */
    public CogVideoXTransformer3DModel(TransformerConfig config, Weights weights) throws IOException {
        this(config, weights, false);
    }

    /**
     * The same.
     *
     * @param streamed whether the weights of one block at a time are held, read from the files at each pass
     * @throws IOException when the weights do not fit the config
     */
    public CogVideoXTransformer3DModel(TransformerConfig config, Weights weights, boolean streamed) throws IOException {
        this.config = config;
        int width = config.innerDim();
        long patch = (long) config.patchSize() * config.patchSize() * config.patchFrames();
        this.patchEmbed = new PatchEmbed(config, weights.at("patch_embed"));
        this.timeEmbedding = new TimestepEmbedding(config, width, weights.at("time_embedding"));
        this.ofsEmbedding = config.ofsEmbedDim() == null
                ? null
                : new TimestepEmbedding(config, config.ofsEmbedDim(), weights.at("ofs_embedding"));
        Weights blocks = weights.at("transformer_blocks");
        Blocks.Maker<CogVideoXBlock> maker = block -> new CogVideoXBlock(config, block);
        this.transformerBlocks = streamed
                ? Blocks.stream(weights.owner(), blocks, config.numLayers(), maker)
                : Blocks.hold(blocks, config.numLayers(), maker);
        this.normFinal = weights.at("norm_final").norm(width, config.normElementwiseAffine());
        this.normOutLinear = weights.at("norm_out").at("linear").linear(2L * width, config.timeEmbedDim(), true);
        this.normOut = weights.at("norm_out").at("norm").norm(width, config.normElementwiseAffine());
        this.projOut = weights.at("proj_out").linear(patch * config.outChannels(), width, true);
    }

    /**
     * Where each token lies, for every forward pass over latents of one size.
     *
     * @param frames latent frames, F, a multiple of {@code patchSizeT} where the model has one
     * @param height of the latents, a multiple of {@code patchSize}
     * @param width of the latents, a multiple of {@code patchSize}
     */
    public Positions positions(MemoryScope out, int frames, int height, int width) {
        requireMultiple("frames", frames, "patch_size_t", config.patchFrames());
        requireMultiple("height", height, "patch_size", config.patchSize());
        requireMultiple("width", width, "patch_size", config.patchSize());
        int rows = height / config.patchSize();
        int columns = width / config.patchSize();
        return new Positions(
                patchEmbed.positions(out, frames, rows, columns),
                rotary(out, frames / config.patchFrames(), rows, columns));
    }

    /** None where positions do not turn queries and keys; the size of the grid is in patches. */
    private List<Tensor> rotary(MemoryScope out, int frames, int rows, int columns) {
        if (!config.useRotaryPositionalEmbeddings()) {
            return List.of();
        }
        RotaryGrid grid = RotaryGrid.of(config, frames, rows, columns);
        return List.of(
                out.call("rotary_positions", grid.frames(), grid.rows(), grid.columns(), config.attentionHeadDim()));
    }

    /**
     * Runs the first block alone, on a sequence of any length: whoever times it knows what a pass takes.
     *
     * @param out owns the result
     * @param x [B, T+V, D]
     * @param text T
     * @return [B, T+V, D]
     */
    public Tensor firstBlock(MemoryScope out, Tensor x, int text) {
        try (MemoryScope scope = out.open()) {
            var positions = new Positions(List.of(), rotary(scope, 1, 1, x.size(1) - text));
            return run(out, 0, x, new Conditioning(embedTime(scope, 0), text, positions, Integer.MAX_VALUE));
        }
    }

    /**
     * One prediction.
     *
     * @param out owns the result
     * @return [B, F, outChannels, h, w]
     */
    public Tensor forward(MemoryScope out, Pass pass) {
        Tensor latents = pass.latents();
        int tokens = pass.text().size(1);
        try (MemoryScope scope = out.open()) {
            Tensor temb = embedTime(scope, pass.timestep()); // [1, E]
            Tensor x = patchEmbed.forward(
                    scope, latents, pass.text(), pass.positions().added()); // [B, T+V, D]
            var conditioning = new Conditioning(temb, tokens, pass.positions(), pass.slice());
            Tensor y = pass.cache()
                    .step(
                            scope,
                            x,
                            tokens,
                            (own, input) -> run(own, 0, input, conditioning),
                            (own, input) -> runOtherBlocks(own, input, conditioning)); // [B, T+V, D]
            Tensor patches = scope.call( // [B, V, C·pt·p·p]
                    "output_projection", y, temb, tokens, normFinal, normOutLinear, normOut, projOut, config.normEps());
            return out.call(
                    "unpatchify",
                    patches,
                    latents.size(1) / config.patchFrames(),
                    latents.size(3) / config.patchSize(),
                    latents.size(4) / config.patchSize(),
                    config.patchSize(),
                    config.patchFrames());
        }
    }

    private Tensor run(MemoryScope out, int index, Tensor x, Conditioning conditioning) {
        return transformerBlocks.with(out, index, block -> block.forward(out, x, conditioning));
    }

    /** All but the first. Frees the input. */
    private Tensor runOtherBlocks(MemoryScope out, Tensor input, Conditioning conditioning) {
        Tensor x = input;
        long ahead = 0;
        for (int i = 1; i < transformerBlocks.size(); i++) {
            Tensor next = run(out, i, x, conditioning);
            x.free();
            x = next;
            ahead += operations(x);
            if (ahead >= MOST_AHEAD) {
                out.await(x);
                ahead = 0;
            }
        }
        return x;
    }

    /** Of one block, which 24·D² a token and 4·D a score are most of. */
    private long operations(Tensor x) {
        long width = config.innerDim();
        long tokens = x.size(1);
        return x.size(0) * tokens * width * (24 * width + 4 * tokens);
    }

    private Tensor embedTime(MemoryScope scope, double timestep) {
        Tensor time = timeEmbedding.forward(scope, timestep);
        return ofsEmbedding == null ? time : TensorKernels.add(scope, time, ofsEmbedding.forward(scope, OFS));
    }

    private static void requireMultiple(String name, int size, String field, int multiple) {
        if (size < 1 || size % multiple != 0) {
            throw new IllegalArgumentException("the latents' %s is %d, but must be a positive multiple of %s %d"
                    .formatted(name, size, field, multiple));
        }
    }
}
