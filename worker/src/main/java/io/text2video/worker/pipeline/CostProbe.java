package io.text2video.worker.pipeline;

import io.text2video.common.model.ModelCost;
import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.Device;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.AutoencoderKLCogVideoX;
import io.text2video.worker.model.CogVideoXTransformer3DModel;
import io.text2video.worker.model.Tiling;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Times a piece of each network, so that what a generation takes can be reckoned before there was one: the transformer's
 * first block at some lengths, and the decoder on a small picture. The text encoder is reckoned by the block's pace, as it
 * is made of the same products. Takes about a second, and longer where a block does; for a pipeline's own thread.
 */
final class CostProbe {
    /** Seconds that one call is let grow to. */
    private static final double LONG_CALL = 0.05;

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

    private final LongSupplier clock;
    private final LeastTimes times;
    private final Components components;
    private final TextEncoderConfig text;
    private final TransformerConfig transformer;

    CostProbe(Components components, TextEncoderConfig text) {
        this.components = components;
        this.text = text;
        this.transformer = components.transformerConfig();
        clock = clock(components.kernels().device());
        times = new LeastTimes(clock);
    }

    /**
     * Nanoseconds. On a CPU those in which this thread had a processor: it does its part of each operation, and that it waits
     * for the other parts, where a broker and a gateway start beside, is not the model's.
     */
    private static LongSupplier clock(Device device) {
        return device.isCuda() ? System::nanoTime : ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime;
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
        CogVideoXTransformer3DModel network = components.transformer().acquire(Interruption.NONE);
        double factor = Math.max(
                2, Math.min(LONG_SEQUENCE / SHORT_SEQUENCE, LONG_CALL / roughly(() -> run(network, SHORT_SEQUENCE))));
        int length = (int) factor * SHORT_SEQUENCE;
        int middle = length / 2;
        double width = transformer.innerDim();
        boolean telling = length >= TELLING_WIDTHS * width && factor >= 4;
        List<Runnable> lengths = new ArrayList<>();
        lengths.add(() -> run(network, SHORT_SEQUENCE));
        lengths.add(() -> run(network, length));
        if (telling) {
            lengths.add(() -> run(network, middle));
        }
        double[] at = times.of(lengths);
        double atShort = at[0];
        double atLong = at[1];
        if (telling) {
            double atMiddle = at[2];
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
        AutoencoderKLCogVideoX vae = components.vae().acquire(Interruption.NONE);
        int side = LEAST_SIDE;
        double seconds = roughly(decoding(vae, side, 1));
        while (side < LARGEST_SIDE && 4 * seconds < LONG_CALL) {
            side *= 2;
            seconds = roughly(decoding(vae, side, 1));
        }
        int ratio = components.vaeConfig().spatialCompressionRatio();
        double pixels = (double) side * ratio * side * ratio;
        int frames = AutoencoderKLCogVideoX.decodedFrames(
                MANY_LATENT_FRAMES, components.vaeConfig().temporalCompressionRatio());
        return frames * seconds < 4 * LONG_CALL
                ? seconds(decoding(vae, side, MANY_LATENT_FRAMES)) / frames / pixels
                : seconds(decoding(vae, side, 1)) / pixels;
    }

    private Runnable decoding(AutoencoderKLCogVideoX vae, int side, int latentFrames) {
        return () -> {
            try (MemoryScope scope = components.kernels().openScope()) {
                int channels = components.vaeConfig().latentChannels();
                Tensor z = scope.call("latents_to_vae", filled(scope, 1, latentFrames, channels, side, side), 1.0);
                vae.decode(scope, z, Tiling.NONE, chunk -> components.kernels().await(scope, chunk));
            }
        };
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

    private double seconds(Runnable call) {
        return times.of(List.of(call))[0];
    }

    /** Enough to choose a size by: of two calls, as TorchScript compiles in the first. */
    private double roughly(Runnable call) {
        call.run();
        long start = clock.getAsLong();
        call.run();
        return Math.max(1, clock.getAsLong() - start) / 1e9;
    }
}
