package io.text2video.worker.plan;

import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.model.LatentShape;

/**
 * The video that memory is estimated for, and the networks that make it.
 *
 * @param height pixels
 * @param width pixels
 */
public record Extent(
        int height, int width, int numFrames, TextEncoderConfig text, TransformerConfig transformer, VaeConfig vae) {
    LatentShape latents() {
        return LatentShape.of(height, width, numFrames, transformer, vae);
    }

    /** Latent frames that are decoded. */
    int latentFrames() {
        return latents().frames() - latents().padding();
    }

    /** Latent frames that are denoised: the same, filled up to whole patches. */
    public int denoisedFrames() {
        return latents().frames();
    }

    int latentHeight() {
        return latents().height();
    }

    int latentWidth() {
        return latents().width();
    }

    /** Patches that it is cut into. */
    public int videoTokens() {
        int rows = latentHeight() / transformer.patchSize();
        int columns = latentWidth() / transformer.patchSize();
        return denoisedFrames() / transformer.patchFrames() * rows * columns;
    }

    /** Of a prompt, pads included. */
    public int textTokens() {
        return transformer.maxTextSeqLength();
    }
}
