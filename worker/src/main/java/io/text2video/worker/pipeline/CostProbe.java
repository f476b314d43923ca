package io.text2video.worker.pipeline;

import io.text2video.common.model.ModelCost;
import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.AutoencoderKLCogVideoX;
import io.text2video.worker.model.CogVideoXTransformer3DModel;
import io.text2video.worker.model.Tiling;
import java.util.Arrays;

/**
 * Times a piece of each network, so that what a generation takes can be reckoned before there was one: the transformer's
 * first block at some lengths, and the decoder on a small picture. The text encoder is reckoned by the block's pace, as it
 * is made of the same products. Takes about a second, and longer where a block does; for a pipeline's own thread.
 */
final class CostProbe {
    /** Seconds that one call is let grow to. */
    private static final double LONG_CALL = 0.05;

    /** Seconds and calls that one measurement takes; TorchScript compiles in the first calls. */
    private static final double LONG_MEASUREMENT = 0.25;

    private static final int LEAST_CALLS = 2;
    private static final int CALLS = 6;

    private static final int SHORT_SEQUENCE = 64;
    private static final int LONG_SEQUENCE = 4096;

    /** The linears of a block multiply and add so many widths squared for each token, attention twice its width for each pair. */
    private static final double LINEAR_WIDTHS = 12;

    private static final double ATTENTION_WIDTHS = 2;

    /** How much slower than a linear's an operation of attention is, softmax included, where that cannot be timed. */
    private static final double ATTENTION_PRICE = 1.5;

    /** From so many widths on, attention is enough of a block to be told from its linears. */
    private static final int TELLING_WIDTHS = 3;

    private static final int LEAST_SIDE = 4;
    private static final int LARGEST_SIDE = 64;

    /** An odd number, which decodes to 4k+1 frames. */
    private static final int MANY_LATENT_FRAMES = 3;

    private static final float VALUE = 0.5f;

    private final Components components;
    private final TextEncoderConfig text;
    private final TransformerConfig transformer;

    CostProbe(Components components, TextEncoderConfig text) {
        this.components = components;
        this.text = text;
        this.transformer = components.transformerConfig();
    }

    /**
     * Seconds of a block on a sequence: fixed + token · n + pair · n².
     *
     * @param token of each token
     * @param pair of each pair of tokens
     */
    private record BlockTime(double fixed, double token, double pair) {}

    ModelCost measure() {
        BlockTime block = block();
        int layers = transformer.numLayers();
        double width = transformer.innerDim();
        double operation = block.token() / (LINEAR_WIDTHS * width * width);
        return new ModelCost(
                transformer.maxTextSeqLength(),
                transformer.patchFrames(),
                transformer.maxTextSeqLength() * textOperations() * operation,
                layers * block.fixed(),
                layers * block.token(),
                layers * block.pair(),
                pixel());
    }

    /** Multiplications of the text encoder for each token. */
    private double textOperations() {
        double attention = 4.0 * text.dModel() * text.attentionWidth();
        double feedForward = 3.0 * text.dModel() * text.dFf();
        return text.numLayers() * (attention + feedForward);
    }

    private BlockTime block() {
        CogVideoXTransformer3DModel network = components.transformer().acquire();
        double atShort = seconds(() -> run(network, SHORT_SEQUENCE));
        double times = Math.max(2, Math.min(LONG_SEQUENCE / SHORT_SEQUENCE, LONG_CALL / atShort));
        int length = (int) times * SHORT_SEQUENCE;
        double atLong = seconds(() -> run(network, length));
        double width = transformer.innerDim();
        if (length >= TELLING_WIDTHS * width && times >= 4) {
            int middle = length / 2;
            double atMiddle = seconds(() -> run(network, middle));
            double first = (atMiddle - atShort) / (middle - SHORT_SEQUENCE);
            double pair = ((atLong - atMiddle) / (length - middle) - first) / (length - SHORT_SEQUENCE);
            double token = first - pair * (middle + SHORT_SEQUENCE);
            if (pair > 0 && token > 0) {
                return blockTime(atShort, token, pair);
            }
        }
        double share = ATTENTION_PRICE * ATTENTION_WIDTHS / (LINEAR_WIDTHS * width);
        double more = length - SHORT_SEQUENCE + share * ((double) length * length - SHORT_SEQUENCE * SHORT_SEQUENCE);
        double token = Math.max(atLong - atShort, atLong / 2) / more;
        return blockTime(atShort, token, share * token);
    }

    private static BlockTime blockTime(double atShort, double token, double pair) {
        double fixed = atShort - SHORT_SEQUENCE * token - SHORT_SEQUENCE * SHORT_SEQUENCE * pair;
        return new BlockTime(Math.max(0, fixed), token, pair);
    }

    private void run(CogVideoXTransformer3DModel network, int tokens) {
        try (MemoryScope scope = components.kernels().openScope()) {
            Tensor x = filled(scope, 1, tokens, transformer.innerDim());
            int prompt = Math.min(transformer.maxTextSeqLength(), tokens / 2);
            components.kernels().await(scope, network.firstBlock(scope, x, prompt));
        }
    }

    /** Seconds of a pixel of a frame. */
    private double pixel() {
        AutoencoderKLCogVideoX vae = components.vae().acquire();
        int side = LEAST_SIDE;
        double seconds = decode(vae, side, 1);
        while (side < LARGEST_SIDE && 4 * seconds < LONG_CALL) {
            side *= 2;
            seconds = decode(vae, side, 1);
        }
        int ratio = components.vaeConfig().spatialCompressionRatio();
        double pixels = (double) side * ratio * side * ratio;
        int frames = AutoencoderKLCogVideoX.decodedFrames(
                MANY_LATENT_FRAMES, components.vaeConfig().temporalCompressionRatio());
        if (frames * seconds < 4 * LONG_CALL) {
            return decode(vae, side, MANY_LATENT_FRAMES) / frames / pixels;
        }
        return seconds / pixels;
    }

    private double decode(AutoencoderKLCogVideoX vae, int side, int latentFrames) {
        return seconds(() -> {
            try (MemoryScope scope = components.kernels().openScope()) {
                int channels = components.vaeConfig().latentChannels();
                Tensor z = scope.call("latents_to_vae", filled(scope, 1, latentFrames, channels, side, side), 1.0);
                vae.decode(scope, z, Tiling.NONE, chunk -> components.kernels().await(scope, chunk));
            }
        });
    }

    private Tensor filled(MemoryScope scope, int... shape) {
        int length = 1;
        long[] sizes = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            length *= shape[i];
            sizes[i] = shape[i];
        }
        float[] values = new float[length];
        Arrays.fill(values, VALUE);
        return TensorKernels.cast(
                scope,
                TensorKernels.ofFloats(scope, values, sizes),
                components.computeType().dtype());
    }

    /** Of the fastest of some calls: others were held up by something else. */
    private static double seconds(Runnable call) {
        long start = System.nanoTime();
        double least = Double.MAX_VALUE;
        for (int i = 0; i < CALLS && (i < LEAST_CALLS || (System.nanoTime() - start) / 1e9 < LONG_MEASUREMENT); i++) {
            long before = System.nanoTime();
            call.run();
            least = Math.min(least, (System.nanoTime() - before) / 1e9);
        }
        return Math.max(least, 1e-9);
    }
}
