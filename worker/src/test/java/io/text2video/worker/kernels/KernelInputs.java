package io.text2video.worker.kernels;

import java.util.List;
import java.util.Random;

/** Small made-up tensors on a scope's device: the same numbers in the same order, whatever the device. */
final class KernelInputs {
    static final int WIDTH = 64;
    static final int HEADS = 4;
    static final int HEAD = WIDTH / HEADS;
    static final int TEXT = 6;
    static final int VIDEO = 24;
    static final int TIME = 48;

    private final MemoryScope scope;
    private final DType dtype;
    private final Random random = new Random(0);

    KernelInputs(MemoryScope scope, DType dtype) {
        this.scope = scope;
        this.dtype = dtype;
    }

    MemoryScope scope() {
        return scope;
    }

    DType dtype() {
        return dtype;
    }

    /** Of the compute dtype, normally distributed. */
    Tensor normal(long... shape) {
        return normal(dtype, shape);
    }

    Tensor normal(DType as, long... shape) {
        return TensorKernels.cast(scope, floats(1, shape), as);
    }

    /** A LayerNorm's or GroupNorm's. */
    List<Tensor> norm(long width) {
        return List.of(normal(width), normal(width));
    }

    /** As hidden states are: [2, T+V, D]. */
    Tensor hidden() {
        return normal(2, TEXT + VIDEO, WIDTH);
    }

    /** As decoded features are: [1, 16, frames, 8, 10]. */
    Tensor features(int frames) {
        return normal(1, 16, frames, 8, 10);
    }

    List<Tensor> linear(long out, long in) {
        return List.of(matrix(out, in), normal(out));
    }

    /** Rows of length one on average, so that no layer's results grow. */
    Tensor matrix(long out, long in) {
        return TensorKernels.cast(scope, floats(1 / Math.sqrt(in), out, in), dtype);
    }

    List<Tensor> withLora(List<Tensor> base, long out, long in) {
        List<Tensor> parts = new java.util.ArrayList<>(base);
        parts.addAll(List.of(matrix(4, in), matrix(out, 4)));
        return parts;
    }

    /** Codes whose inputs stay as they are: I8 or F8_E4M3. */
    List<Tensor> coded(DType codes, long out, long in) {
        return List.of(codes(codes, out, in), normal(out), scale(out, 1));
    }

    /** I8 whose inputs are rounded too. */
    List<Tensor> rounded(long out, long in) {
        return List.of(codes(DType.I8, out, in), normal(out), scale(out));
    }

    private Tensor codes(DType codes, long out, long in) {
        return TensorKernels.cast(scope, floats(30, out, in), codes);
    }

    private Tensor scale(long... shape) {
        float[] values =
                new float[Math.toIntExact(java.util.Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (1 + random.nextFloat()) / 512;
        }
        return TensorKernels.ofFloats(scope, values, shape);
    }

    List<Tensor> conv(long out, long in, long frames, long size) {
        Tensor weight = TensorKernels.cast(
                scope, floats(1 / Math.sqrt(in * frames * size * size), out, in, frames, size, size), dtype);
        return List.of(weight, normal(out));
    }

    List<Tensor> frameConv(long out, long in) {
        Tensor weight = TensorKernels.cast(scope, floats(1 / Math.sqrt(in * 9), out, in, 3, 3), dtype);
        return List.of(weight, normal(out));
    }

    /** Turns of a head's width for V places. */
    List<Tensor> rotary() {
        return List.of(normal(DType.F32, VIDEO, HEAD / 2, 2));
    }

    private Tensor floats(double deviation, long... shape) {
        float[] values =
                new float[Math.toIntExact(java.util.Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.max(-120, Math.min(120, random.nextGaussian() * deviation));
        }
        return TensorKernels.ofFloats(scope, values, shape);
    }
}
