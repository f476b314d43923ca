package io.text2video.worker.info;

import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.pipeline.LatentShape;

/** The video that memory is estimated for, and the networks that make it. */
record Extent(
        int height, int width, int numFrames, TextEncoderConfig text, TransformerConfig transformer, VaeConfig vae) {
    LatentShape latents() {
        return LatentShape.of(height, width, numFrames, transformer, vae);
    }

    /** Latent frames that are decoded. */
    int latentFrames() {
        return latents().frames() - latents().padding();
    }

    /** Latent frames that are denoised: the same, filled up to whole patches. */
    int denoisedFrames() {
        return latents().frames();
    }

    int latentHeight() {
        return latents().height();
    }

    int latentWidth() {
        return latents().width();
    }

    int videoTokens() {
        int rows = latentHeight() / transformer.patchSize();
        int columns = latentWidth() / transformer.patchSize();
        return denoisedFrames() / transformer.patchFrames() * rows * columns;
    }

    int textTokens() {
        return transformer.maxTextSeqLength();
    }
}
