package io.text2video.worker.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code vae/config.json}: constructor arguments of {@code AutoencoderKLCogVideoX} (diffusers 0.39), with its defaults.
 *
 * @param blockOutChannels channels a resolution, from the pixels inwards
 * @param latentChannels channels of the latents
 * @param layersPerBlock resnets a down block; an up block has one more
 * @param temporalCompressionRatio video frames a latent frame, a power of two
 * @param sampleHeight height in pixels that the tile sizes derive from
 * @param sampleWidth width of the same
 * @param scalingFactor multiplies latents on their way into the transformer
 * @param useQuantConv whether a 1×1×1 convolution follows the encoder
 * @param usePostQuantConv whether one precedes the decoder
 * @param invertScaleLatents whether an input image's latents are divided by {@code scalingFactor} instead
 */
public record VaeConfig(
        int inChannels,
        int outChannels,
        List<String> downBlockTypes,
        List<String> upBlockTypes,
        List<Integer> blockOutChannels,
        int latentChannels,
        int layersPerBlock,
        String actFn,
        double normEps,
        int normNumGroups,
        int temporalCompressionRatio,
        int sampleHeight,
        int sampleWidth,
        double scalingFactor,
        boolean useQuantConv,
        boolean usePostQuantConv,
        boolean invertScaleLatents) {
    public static final String FOLDER = "vae";
    static final String CLASS = "AutoencoderKLCogVideoX";

    /** Each halves the frame; published models have four. */
    private static final int MOST_BLOCKS = 8;

    private static final String DOWN_BLOCK = "CogVideoXDownBlock3D";
    private static final String UP_BLOCK = "CogVideoXUpBlock3D";
    private static final VaeConfig DEFAULTS = ConfigFile.defaults(VaeConfig.class, FOLDER);

    public VaeConfig {
        Check.size("in_channels", inChannels);
        Check.size("out_channels", outChannels);
        Check.size("latent_channels", latentChannels);
        Check.size("layers_per_block", layersPerBlock);
        Check.size("norm_num_groups", normNumGroups);
        Check.size("sample_height", sampleHeight);
        Check.size("sample_width", sampleWidth);
        Check.positive("norm_eps", normEps);
        Check.positive("scaling_factor", scalingFactor);
        Check.oneOf("act_fn", actFn, List.of("silu"));
        blockOutChannels = Check.list("block_out_channels", blockOutChannels);
        if (blockOutChannels.size() > MOST_BLOCKS) {
            throw new InvalidSettingException(
                    "block_out_channels", blockOutChannels.size(), "must be at most " + MOST_BLOCKS + " resolutions");
        }
        for (int channels : blockOutChannels) {
            Check.size("block_out_channels", channels);
            Check.multiple("block_out_channels", channels, "norm_num_groups", normNumGroups);
        }
        if ((useQuantConv || usePostQuantConv) && outChannels != latentChannels) {
            // The reference gives these convolutions the width of the pixels, and cannot run them at another.
            throw new InvalidSettingException(
                    "out_channels",
                    outChannels,
                    "must equal latent_channels (" + latentChannels + ") under use_quant_conv and use_post_quant_conv");
        }
        downBlockTypes = blocks("down_block_types", downBlockTypes, DOWN_BLOCK, blockOutChannels.size());
        upBlockTypes = blocks("up_block_types", upBlockTypes, UP_BLOCK, blockOutChannels.size());
        Check.size("temporal_compression_ratio", temporalCompressionRatio);
        int most = 1 << (blockOutChannels.size() - 1);
        if (Integer.bitCount(temporalCompressionRatio) != 1 || temporalCompressionRatio > most) {
            throw new InvalidSettingException(
                    "temporal_compression_ratio",
                    temporalCompressionRatio,
                    "must be a power of two up to " + most + ", as there are " + blockOutChannels.size() + " blocks");
        }
    }

    /** Pixels a latent pixel's side: every block but the last halves. */
    public int spatialCompressionRatio() {
        return 1 << (blockOutChannels.size() - 1);
    }

    /**
     * Reads a checkpoint's VAE config.
     *
     * @throws InvalidCheckpointException when a field is ill-typed or out of range
     * @throws IOException when the file cannot be read
     */
    public static VaeConfig read(Path modelDirectory) throws IOException {
        return ConfigFile.open(modelDirectory.resolve(FOLDER).resolve("config.json"))
                .of(CLASS)
                .over(DEFAULTS);
    }

    private static List<String> blocks(String field, List<String> types, String known, int count) {
        List<String> blocks = Check.list(field, types);
        if (blocks.size() != count) {
            throw new InvalidSettingException(
                    field, blocks.size(), "must be as many as block_out_channels (" + count + ")");
        }
        blocks.forEach(type -> Check.oneOf(field, type, List.of(known)));
        return blocks;
    }
}
