package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;

/**
 * How large the latents of one generation are.
 *
 * @param frames latent frames that are denoised, padding included
 * @param padding how many of them, the first, are there only to fill the transformer's last patch
 * @param channels of the noisy latents
 * @param decodedFrames video frames that the decoder makes of the others
 */
public record LatentShape(int frames, int padding, int channels, int height, int width, int decodedFrames) {
    /** Of a video of that many pixels and frames. */
    public static LatentShape of(int height, int width, int numFrames, TransformerConfig transformer, VaeConfig vae) {
        int ratio = vae.temporalCompressionRatio();
        int frames = (numFrames - 1) / ratio + 1;
        int padding = Math.floorMod(-frames, transformer.patchFrames());
        return new LatentShape(
                frames + padding,
                padding,
                vae.latentChannels(),
                height / vae.spatialCompressionRatio(),
                width / vae.spatialCompressionRatio(),
                AutoencoderKLCogVideoX.decodedFrames(frames, ratio));
    }

    /** [1, F, C, h, w] as the transformer orders them. */
    public long[] dimensions() {
        return new long[] {1, frames, channels, height, width};
    }
}
