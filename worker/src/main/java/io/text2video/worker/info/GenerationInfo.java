package io.text2video.worker.info;

import io.text2video.common.model.ModelLimits;
import io.text2video.worker.config.GenerationConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.model.AutoencoderKLCogVideoX;

/**
 * What the model can be asked for.
 *
 * @param limits what is refused beyond
 * @param defaults what a request gets where it is silent
 * @param trained what the network was trained at, or what its configs say of it
 * @param oneSize whether positions were learned for one size, so that only that one works
 * @param framesPerLatent frames are a multiple of this plus 1: video frames a latent frame
 * @param latentFramesPerPatch latent frames are filled up to a multiple of this, and the filling dropped
 * @param recommendedFrameMultiple a multiple of this plus 1 decodes without filling and without surplus frames, which is
 *     what the publishers ask for
 * @param textTokens of a prompt; the rest is cut
 * @param imageRequired whether a video starts from an image
 * @param controlRequired whether a video is drawn along a control video
 */
public record GenerationInfo(
        ModelLimits limits,
        GenerationConfig defaults,
        GenerationConfig trained,
        boolean oneSize,
        int framesPerLatent,
        int latentFramesPerPatch,
        int recommendedFrameMultiple,
        int textTokens,
        boolean imageRequired,
        boolean controlRequired) {
    static GenerationInfo of(
            ModelLimits limits,
            GenerationConfig defaults,
            TransformerConfig transformer,
            VaeConfig vae,
            boolean control) {
        int ratio = vae.temporalCompressionRatio();
        return new GenerationInfo(
                limits,
                defaults,
                GenerationConfig.published(transformer, vae, control),
                limits.minHeight() == limits.maxHeight() && limits.minWidth() == limits.maxWidth(),
                ratio,
                transformer.patchFrames(),
                ratio * AutoencoderKLCogVideoX.LATENT_FRAMES_PER_CHUNK * transformer.patchFrames(),
                transformer.maxTextSeqLength(),
                limits.imageRequired(),
                control);
    }
}
