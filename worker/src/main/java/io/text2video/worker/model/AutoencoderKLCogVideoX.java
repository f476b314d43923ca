package io.text2video.worker.model;

import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The video autoencoder: latents to pixels and back, a few frames at a time, so that memory does not grow with the
 * video's length.
 *
 * <p>Source: diffusers 0.39, {@code models/autoencoders/autoencoder_kl_cogvideox.py}. Safe across threads; its weights
 * belong to the scope they were opened with.
 */
public final class AutoencoderKLCogVideoX {
    /**
     * Latent frames decoded together; a remainder joins the first chunk. Fixed by the reference
     * ({@code num_latent_frames_batch_size}); group norms take their statistics over a chunk, so another size would
     * give another video.
     */
    public static final int LATENT_FRAMES_PER_CHUNK = 2;

    /** Frames encoded together, likewise ({@code num_sample_frames_batch_size}). */
    public static final int SAMPLE_FRAMES_PER_CHUNK = 8;

    private final CogVideoXEncoder3D encoder;

    /** Null where the config has none. */
    private final LayerWeight quantConv;

    /** Null where the config has none. */
    private final LayerWeight postQuantConv;

    private final CogVideoXDecoder3D decoder;
    private final int spatialRatio;
    private final FrameChunks encoding;
    private final FrameChunks decoding;

    /** Frames of all but the first decoded chunk. */
    private final int framesPerDecodedChunk;

    /**
     * Takes its weights by name.
     *
     * @throws IOException when the weights do not fit the config
     */
    public AutoencoderKLCogVideoX(VaeConfig config, Weights weights) throws IOException {
        this.encoder = new CogVideoXEncoder3D(config, weights.at("encoder"));
        this.quantConv =
                config.useQuantConv() ? pointwise(weights.at("quant_conv"), 2 * config.latentChannels()) : null;
        this.postQuantConv =
                config.usePostQuantConv() ? pointwise(weights.at("post_quant_conv"), config.latentChannels()) : null;
        this.decoder = new CogVideoXDecoder3D(config, weights.at("decoder"));
        this.spatialRatio = config.spatialCompressionRatio();
        this.encoding = new FrameChunks(SAMPLE_FRAMES_PER_CHUNK, this::encodeChunk);
        this.decoding = new FrameChunks(LATENT_FRAMES_PER_CHUNK, this::decodeChunk);
        this.framesPerDecodedChunk = LATENT_FRAMES_PER_CHUNK * config.temporalCompressionRatio();
    }

    /**
     * Video frames that come of a number of latent frames. The first latent frame is one video frame when their number is
     * odd; when it is even it is as many as the others, in the reference too.
     *
     * @param temporalRatio video frames a latent frame
     */
    public static int decodedFrames(int latentFrames, int temporalRatio) {
        return latentFrames % 2 == 1 ? (latentFrames - 1) * temporalRatio + 1 : latentFrames * temporalRatio;
    }

    /** Whether a weight is needed to encode alone, by its key. */
    public static boolean encodes(String key) {
        return key.startsWith("encoder.") || key.startsWith("quant_conv.");
    }

    /**
     * Encodes frames: n · temporalCompressionRatio + 1 of them become n + 1 latent frames. Other numbers are halved and
     * rounded up once for each doubling, as in the reference.
     *
     * @param out owns the result
     * @param x [B, 3, F, H, W] in [−1, 1]; H and W multiples of the spatial compression ratio
     * @param tiling how frames are cut; {@link Tiling#NONE} for whole ones
     * @return the moments of {@link DiagonalGaussianDistribution}, [B, 2·latentChannels, f, h, w]
     */
    public Tensor encode(MemoryScope out, Tensor x, Tiling tiling) {
        requireMultiple("height", x.size(3));
        requireMultiple("width", x.size(4));
        if (tiling.coversSamples(x.size(3), x.size(4))) {
            return encoding.all(out, x);
        }
        try (MemoryScope scope = out.open()) {
            TileGrid grid = new TileGrid(scope, x, tiling.encodeRows(), tiling.encodeColumns(), encoding::all);
            return grid.join(out, 0, grid.frames());
        }
    }

    /**
     * Decodes latents whose scaling is undone already. An odd number of latent frames gives ratio · (F − 1) + 1 frames,
     * and an even number ratio · F, as in the reference.
     *
     * <p>Whole frames reach the sink as each chunk is decoded. Under tiling each tile is decoded to its end before the
     * next, and frames reach the sink after the last: what one tile's convolutions carry from chunk to chunk takes many
     * times the room of its pixels, and so only one tile's is held.
     *
     * @param parent the scope to work in; nothing stays in it
     * @param z [B, latentChannels, F, h, w]
     * @param tiling how frames are cut; {@link Tiling#NONE} for whole ones
     * @param sink takes some frames' pixels at a time in order, [B, 3, frames, H, W] in [−1, 1] more or less; they are
     *     freed when it returns
     */
    public void decode(MemoryScope parent, Tensor z, Tiling tiling, Consumer<Tensor> sink) {
        if (tiling.coversLatents(z.size(3), z.size(4))) {
            decoding.forEach(parent, z, sink);
            return;
        }
        try (MemoryScope scope = parent.open()) {
            TileGrid grid = new TileGrid(scope, z, tiling.decodeRows(), tiling.decodeColumns(), decoding::all);
            for (int start = 0; start < grid.frames(); start += framesPerDecodedChunk) {
                try (MemoryScope own = scope.open()) {
                    sink.accept(grid.join(own, start, Math.min(start + framesPerDecodedChunk, grid.frames())));
                }
            }
        }
    }

    private Tensor encodeChunk(MemoryScope out, Tensor x, CogVideoXCausalConv3d.Cache cache) {
        if (quantConv == null) {
            return encoder.forward(out, x, cache);
        }
        try (MemoryScope scope = out.open()) {
            return pointwise(out, encoder.forward(scope, x, cache), quantConv);
        }
    }

    private Tensor decodeChunk(MemoryScope out, Tensor z, CogVideoXCausalConv3d.Cache cache) {
        if (postQuantConv == null) {
            return decoder.forward(out, z, cache);
        }
        try (MemoryScope scope = out.open()) {
            return decoder.forward(out, pointwise(scope, z, postQuantConv), cache);
        }
    }

    /** A 1×1×1 convolution. */
    static Tensor pointwise(MemoryScope out, Tensor x, LayerWeight conv) {
        return out.call("convolution", x, conv, new long[] {0, 0, 0}, new long[] {1, 1, 1});
    }

    private static LayerWeight pointwise(Weights weights, int channels) throws IOException {
        return weights.convolution(true, channels, channels, 1, 1, 1);
    }

    private void requireMultiple(String name, int size) {
        if (size < 1 || size % spatialRatio != 0) {
            throw new IllegalArgumentException(
                    "the frames' %s is %d, but must be a positive multiple of the VAE's spatial compression ratio %d"
                            .formatted(name, size, spatialRatio));
        }
    }

    /**
     * Runs a network over a few frames at a time; its causal convolutions carry the past from one chunk to the next: the
     * reference's {@code _decode} and {@code _encode}.
     *
     * @param size frames a chunk; a remainder joins the first one
     * @param network what a chunk goes through
     */
    private record FrameChunks(int size, Network network) {
        @FunctionalInterface
        interface Network {
            /**
             * Runs one chunk.
             *
             * @param cache of the chunk before; holds this one's afterwards
             */
            Tensor forward(MemoryScope out, Tensor chunk, CogVideoXCausalConv3d.Cache cache);
        }

        /**
         * Hands on each chunk's result in order.
         *
         * @param x [B, C, frames, height, width]
         * @param sink takes results; they are freed when it returns
         */
        void forEach(MemoryScope parent, Tensor x, Consumer<Tensor> sink) {
            int frames = x.size(2);
            try (var cache = new CogVideoXCausalConv3d.Cache(parent)) {
                int start = 0;
                while (start < frames) {
                    int end = Math.min(start + size + (start == 0 ? frames % size : 0), frames);
                    try (MemoryScope scope = parent.open()) {
                        Tensor result = network.forward(scope, TensorKernels.narrow(scope, x, 2, start, end), cache);
                        scope.await(result);
                        sink.accept(result);
                    }
                    start = end;
                }
            }
        }

        /** The results of all chunks, one after the other. */
        Tensor all(MemoryScope out, Tensor x) {
            try (MemoryScope scope = out.open()) {
                List<Tensor> results = new ArrayList<>();
                forEach(scope, x, result -> results.add(scope.adopt(result)));
                return TensorKernels.concat(out, results, 2);
            }
        }
    }

    /**
     * The latents that the encoder holds possible. Source: diffusers 0.39, {@code models/autoencoders/vae.py}.
     *
     * @param moments from {@link AutoencoderKLCogVideoX#encode}, [B, 2·latentChannels, f, h, w]: the means, then the
     *     logarithms of the variances
     */
    public record DiagonalGaussianDistribution(Tensor moments) {
        /** The likeliest latents, [B, latentChannels, f, h, w]; a view of the moments. */
        public Tensor mean(MemoryScope out) {
            return TensorKernels.narrow(out, moments, 1, 0, moments.size(1) / 2);
        }

        /**
         * One draw: mean + exp(½ · clamp(log-variance, −30, 20)) · noise.
         *
         * @param noise of the standard normal distribution, [B, latentChannels, f, h, w] in the dtype of the moments
         * @return [B, latentChannels, f, h, w]
         */
        public Tensor sample(MemoryScope out, Tensor noise) {
            return out.call("sample_latents", moments, noise);
        }
    }
}
