package io.text2video.worker.pipeline;

import io.text2video.worker.config.GenerationConfig;
import io.text2video.worker.config.PipelineConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.ProbeSizes;
import io.text2video.worker.plan.Extent;
import java.io.IOException;
import java.nio.file.Path;

/** The sizes that the ways of a CPU are timed at: a model's own, of the video that it draws where nothing is said. */
final class ProbedSizes {
    private ProbedSizes() {}

    /** @throws IOException when the checkpoint's defaults cannot be read */
    static ProbeSizes of(PipelineConfig config, Path modelDirectory) throws IOException {
        TransformerConfig transformer = config.transformer();
        VaeConfig vae = config.vae();
        GenerationConfig video = GenerationConfig.read(modelDirectory, transformer, vae);
        Extent extent =
                new Extent(video.height(), video.width(), video.numFrames(), config.textEncoder(), transformer, vae);
        return new ProbeSizes(
                transformer.numAttentionHeads() * transformer.attentionHeadDim(),
                transformer.numAttentionHeads(),
                transformer.attentionHeadDim(),
                extent.textTokens() + extent.videoTokens(),
                // As at full resolution, where a VAE spends most of its time.
                vae.blockOutChannels().get(0),
                vae.normNumGroups(),
                Math.min(video.height(), video.width()));
    }
}
