package io.text2video.worker.info;

import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;

/** The video that memory is estimated for, and the networks that make it. */
record Extent(
        int height, int width, int numFrames, TextEncoderConfig text, TransformerConfig transformer, VaeConfig vae) {
    /** Latent frames that are decoded. */
    int latentFrames() {
        return (numFrames - 1) / vae.temporalCompressionRatio() + 1;
    }

    /** Latent frames that are denoised: the same, filled up to whole patches. */
    int denoisedFrames() {
        return latentFrames() + Math.floorMod(-latentFrames(), transformer.patchFrames());
    }

    int latentHeight() {
        return height / vae.spatialCompressionRatio();
    }

    int latentWidth() {
        return width / vae.spatialCompressionRatio();
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
