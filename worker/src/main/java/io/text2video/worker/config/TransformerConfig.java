package io.text2video.worker.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code transformer/config.json}: constructor arguments of {@code CogVideoXTransformer3DModel} (diffusers 0.39), with
 * its defaults, which are CogVideoX-2b's.
 *
 * @param inChannels latent channels of the input; twice the output's where an image or a control video is joined to them
 * @param timeEmbedDim width of the timestep's embedding after its two linears
 * @param ofsEmbedDim width of the {@code ofs} embedding, or null where the model has none
 * @param textEmbedDim width of the text encoder's output
 * @param sampleWidth width of the latents the positions were made for, in latent pixels
 * @param sampleHeight height of the same
 * @param sampleFrames video frames (not latent ones) of the same
 * @param patchSize latent pixels a patch's side
 * @param patchSizeT latent frames a patch, or null for the models before 1.5, which embed patches by a convolution
 * @param temporalCompressionRatio video frames a latent frame
 * @param maxTextSeqLength text tokens, padding included
 * @param spatialInterpolationScale divides spatial positions of the sin-cos embedding
 * @param temporalInterpolationScale divides temporal ones
 * @param patchBias whether the patch embedding has a bias
 */
public record TransformerConfig(
        int numAttentionHeads,
        int attentionHeadDim,
        int inChannels,
        int outChannels,
        boolean flipSinToCos,
        int freqShift,
        int timeEmbedDim,
        Integer ofsEmbedDim,
        int textEmbedDim,
        int numLayers,
        boolean attentionBias,
        int sampleWidth,
        int sampleHeight,
        int sampleFrames,
        int patchSize,
        Integer patchSizeT,
        int temporalCompressionRatio,
        int maxTextSeqLength,
        String activationFn,
        String timestepActivationFn,
        boolean normElementwiseAffine,
        double normEps,
        double spatialInterpolationScale,
        double temporalInterpolationScale,
        boolean useRotaryPositionalEmbeddings,
        boolean useLearnedPositionalEmbeddings,
        boolean patchBias) {
    public static final String FOLDER = "transformer";
    static final String CLASS = "CogVideoXTransformer3DModel";

    /** What a model that paints into a video is told. */
    static final String NO_INPAINTING =
            "no CogVideoX Fun InP, which paints into a video by a mask: diffusers has no pipeline"
                    + " for it; CogVideoX Fun Control and Pose run";

    private static final TransformerConfig DEFAULTS = ConfigFile.defaults(TransformerConfig.class, FOLDER);

    public TransformerConfig {
        Check.size("num_attention_heads", numAttentionHeads);
        Check.size("attention_head_dim", attentionHeadDim);
        Check.size("in_channels", inChannels);
        Check.size("out_channels", outChannels);
        Check.multiple("in_channels", inChannels, "out_channels", outChannels);
        if (freqShift < 0 || freqShift > 1) {
            throw new InvalidSettingException("freq_shift", freqShift, "must be 0 or 1");
        }
        Check.size("time_embed_dim", timeEmbedDim);
        Check.size("text_embed_dim", textEmbedDim);
        Check.size("num_layers", numLayers);
        Check.size("sample_width", sampleWidth);
        Check.size("sample_height", sampleHeight);
        Check.size("sample_frames", sampleFrames);
        Check.size("patch_size", patchSize);
        Check.size("temporal_compression_ratio", temporalCompressionRatio);
        Check.size("max_text_seq_length", maxTextSeqLength);
        if (patchSizeT != null) {
            Check.size("patch_size_t", patchSizeT);
            if (!useRotaryPositionalEmbeddings || useLearnedPositionalEmbeddings) {
                throw new InvalidSettingException(
                        "patch_size_t",
                        patchSizeT,
                        "must be null unless positions are rotary alone: added positions are a latent frame's");
            }
        }
        if (ofsEmbedDim != null) {
            Check.size("ofs_embed_dim", ofsEmbedDim);
            Check.multiple("ofs_embed_dim", ofsEmbedDim, "a sine and a cosine", 2);
            if (ofsEmbedDim != timeEmbedDim) {
                throw new InvalidSettingException(
                        "ofs_embed_dim", ofsEmbedDim, "must be time_embed_dim (" + timeEmbedDim + "): they are added");
            }
        }
        Check.oneOf("activation_fn", activationFn, List.of("gelu-approximate"));
        Check.oneOf("timestep_activation_fn", timestepActivationFn, List.of("silu"));
        Check.positive("norm_eps", normEps);
        Check.positive("spatial_interpolation_scale", spatialInterpolationScale);
        Check.positive("temporal_interpolation_scale", temporalInterpolationScale);
        // A quarter of the width is temporal and 3/8 each vertical and horizontal; each part is pairs.
        if (useRotaryPositionalEmbeddings) {
            Check.multiple("attention_head_dim", attentionHeadDim, "the rotary embedding's parts", 16);
        } else {
            long innerDim = (long) numAttentionHeads * attentionHeadDim;
            Check.multiple("num_attention_heads · attention_head_dim", innerDim, "the sin-cos embedding's parts", 16);
            if (useLearnedPositionalEmbeddings) {
                throw new InvalidSettingException(
                        "use_learned_positional_embeddings", true, "needs use_rotary_positional_embeddings (false)");
            }
        }
    }

    /**
     * Whether its numbers are those of a model that draws along a control video: twice the channels, and nothing that the
     * image-to-video models have.
     */
    boolean takesControl() {
        return inChannels == 2 * outChannels
                && !useLearnedPositionalEmbeddings
                && ofsEmbedDim == null
                && patchSizeT == null;
    }

    /** Latent frames a patch; 1 for the models before 1.5. */
    public int patchFrames() {
        return patchSizeT == null ? 1 : patchSizeT;
    }

    /** Width of a token inside the network. */
    public int innerDim() {
        return Math.multiplyExact(numAttentionHeads, attentionHeadDim);
    }

    /**
     * Reads a checkpoint's transformer config.
     *
     * @throws InvalidCheckpointException when a field is ill-typed or out of range
     * @throws UnsupportedCheckpointException when it takes a mask beside a video
     * @throws IOException when the file cannot be read
     */
    public static TransformerConfig read(Path modelDirectory) throws IOException {
        ConfigFile file = ConfigFile.open(modelDirectory.resolve(FOLDER).resolve("config.json"))
                .of(CLASS);
        int in = file.json().path("in_channels").asInt(DEFAULTS.inChannels);
        int out = file.json().path("out_channels").asInt(DEFAULTS.outChannels);
        if (in == 2 * out + 1) {
            throw new UnsupportedCheckpointException("in_channels", in, NO_INPAINTING);
        }
        return file.over(DEFAULTS);
    }
}
