package io.text2video.worker.pipeline;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.config.GenerationConfig;
import io.text2video.worker.config.PipelineConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.ProbeSizes;
import io.text2video.worker.plan.Extent;

/** The sizes that the ways of a CPU are timed at: a model's own, of the video that it draws where nothing is said. */
final class ProbedSizes {
    private ProbedSizes() {}

    static ProbeSizes of(CheckpointFiles files) {
        PipelineConfig config = files.config();
        TransformerConfig transformer = config.transformer();
        VaeConfig vae = config.vae();
        GenerationConfig video = files.defaults();
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
