package io.text2video.worker.info;

import io.text2video.worker.config.ModelIndex;
import io.text2video.worker.config.TransformerConfig;
import java.util.Arrays;
import java.util.Optional;

/** The CogVideoX models as published, told apart by the numbers of their transformers. */
enum PublishedModel {
    COGVIDEOX_2B("CogVideoX-2b", Precision.FP16, 30, 30, 16, false, false, null, null),
    COGVIDEOX_5B("CogVideoX-5b", Precision.BF16, 42, 48, 16, true, false, null, null),
    COGVIDEOX_5B_I2V("CogVideoX-5b-I2V", Precision.BF16, 42, 48, 32, true, true, null, null),
    COGVIDEOX_1_5_5B("CogVideoX1.5-5B", Precision.BF16, 42, 48, 16, true, false, 2, null),
    COGVIDEOX_1_5_5B_I2V("CogVideoX1.5-5B-I2V", Precision.BF16, 42, 48, 32, true, false, 2, 512);

    /** What all of them share: head width, output channels, widths of time and text. */
    private static final Numbers COMMON = new Numbers(64, 16, 2, 512, 4096);

    private record Numbers(int headDim, int outChannels, int patchSize, int timeEmbedDim, int textEmbedDim) {
        static Numbers of(TransformerConfig config) {
            return new Numbers(
                    config.attentionHeadDim(),
                    config.outChannels(),
                    config.patchSize(),
                    config.timeEmbedDim(),
                    config.textEmbedDim());
        }
    }

    private record Shape(
            int layers, int heads, int inChannels, boolean rotary, boolean learned, Integer patchFrames, Integer ofs) {
        static Shape of(TransformerConfig config) {
            return new Shape(
                    config.numLayers(),
                    config.numAttentionHeads(),
                    config.inChannels(),
                    config.useRotaryPositionalEmbeddings(),
                    config.useLearnedPositionalEmbeddings(),
                    config.patchSizeT(),
                    config.ofsEmbedDim());
        }
    }

    final String label;
    final Precision dtype;
    private final Shape shape;

    PublishedModel(
            String label,
            Precision dtype,
            int layers,
            int heads,
            int inChannels,
            boolean rotary,
            boolean learned,
            Integer patchFrames,
            Integer ofs) {
        this.label = label;
        this.dtype = dtype;
        this.shape = new Shape(layers, heads, inChannels, rotary, learned, patchFrames, ofs);
    }

    /** The published model whose numbers these are; a fine-tune of it counts as it. */
    static Optional<PublishedModel> of(ModelIndex index, TransformerConfig config) {
        return Arrays.stream(values())
                .filter(model -> COMMON.equals(Numbers.of(config)) && model.shape.equals(Shape.of(config)))
                .filter(model -> index.imageToVideo() == model.shape.inChannels > COMMON.outChannels)
                .findFirst();
    }
}
