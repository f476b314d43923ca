package io.text2video.worker.config;

import java.io.IOException;
import java.nio.file.Path;

/** All that a checkpoint says of itself, its parts made for each other. */
public record PipelineConfig(
        ModelIndex index,
        TextEncoderConfig textEncoder,
        TransformerConfig transformer,
        VaeConfig vae,
        SchedulerConfig scheduler) {
    /**
     * Reads a checkpoint's configs.
     *
     * @throws InvalidCheckpointException when one is missing or malformed
     * @throws UnsupportedCheckpointException when one part's sizes are not another's, or it is of a kind not implemented
     * @throws IOException when a file cannot be read
     */
    public static PipelineConfig read(Path modelDirectory) throws IOException {
        ModelIndex named = ModelIndex.read(modelDirectory);
        TextEncoderConfig textEncoder = TextEncoderConfig.read(modelDirectory);
        TransformerConfig transformer = TransformerConfig.read(modelDirectory);
        ModelIndex index = named.running(transformer);
        PipelineConfig config = new PipelineConfig(
                index,
                textEncoder,
                transformer,
                VaeConfig.read(modelDirectory),
                SchedulerConfig.read(modelDirectory, index));
        config.requireFit();
        return config;
    }

    private void requireFit() throws UnsupportedCheckpointException {
        boolean joined = index.imageToVideo() || index.funControl();
        requireEqual("text_embed_dim", transformer.textEmbedDim(), "the text encoder's d_model", textEncoder.dModel());
        requireEqual(
                "in_channels",
                transformer.inChannels(),
                joined ? "twice the VAE's latent_channels" : "the VAE's latent_channels",
                (joined ? 2 : 1) * vae.latentChannels());
        requireEqual("out_channels", transformer.outChannels(), "the VAE's latent_channels", vae.latentChannels());
        requireEqual(
                "temporal_compression_ratio",
                transformer.temporalCompressionRatio(),
                "the VAE's",
                vae.temporalCompressionRatio());
    }

    private static void requireEqual(String field, int value, String otherField, int other)
            throws UnsupportedCheckpointException {
        if (value != other) {
            throw new UnsupportedCheckpointException(field, value, "what equals %s, %d".formatted(otherField, other));
        }
    }
}
