package io.text2video.worker.model;

import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.kernels.VaeKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * The decoder half of the video autoencoder. Decodes a few latent frames at a time, so that memory does not grow with
 * the video's length.
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

    /** Null where the config has none. */
    private final LayerWeight postQuantConv;

    private final CogVideoXDecoder3D decoder;

    /**
     * Takes its weights by name.
     *
     * @throws IOException when the weights do not fit the config
     */
    public AutoencoderKLCogVideoX(VaeConfig config, Weights weights) throws IOException {
        int latents = config.latentChannels();
        weights.at("encoder").skip();
        weights.at("quant_conv").skip();
        this.postQuantConv = config.usePostQuantConv()
                ? weights.at("post_quant_conv").convolution(true, latents, latents, 1, 1, 1)
                : null;
        this.decoder = new CogVideoXDecoder3D(config, weights.at("decoder"));
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

    /**
     * Decodes latents whose scaling is undone already.
     *
     * @param parent the scope to work in; nothing stays in it
     * @param z [B, latentChannels, F, h, w]
     * @param sink takes each chunk's pixels in order, [B, 3, frames, 8·h, 8·w] in [−1, 1] more or less; they are freed
     *     when it returns
     */
    public void decode(MemoryScope parent, Tensor z, Consumer<Tensor> sink) {
        int frames = z.size(2);
        int remainder = frames % LATENT_FRAMES_PER_CHUNK;
        try (ConvCache cache = new ConvCache(parent)) {
            int start = 0;
            while (start < frames) {
                int end = Math.min(start + LATENT_FRAMES_PER_CHUNK + (start == 0 ? remainder : 0), frames);
                try (MemoryScope scope = parent.open()) {
                    Tensor chunk = TensorKernels.narrow(scope, z, 2, start, end);
                    Tensor latents = postQuantConv == null ? chunk : VaeKernels.pointwise(scope, chunk, postQuantConv);
                    sink.accept(decoder.forward(scope, latents, cache));
                }
                start = end;
            }
        }
    }
}
