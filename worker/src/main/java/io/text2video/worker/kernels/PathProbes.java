package io.text2video.worker.kernels;

import io.text2video.worker.kernels.CpuPaths.Part;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The work that ways are compared by: of each part a piece as the networks have it, as wide as the model and as long as
 * some hundredths of a second allow. Not for use by several threads.
 */
final class PathProbes implements AutoCloseable {
    /** About what a core does in a hundredth or two of a second, so that a call's own time is nothing beside. */
    private static final double OPERATIONS_A_THREAD = 1e9;

    private static final int LEAST_ROWS = 16;
    private static final int PLACES_A_THREAD = 512;
    private static final int FRAMES = 2;
    private static final double NORM_EPS = 1e-6;
    private static final int MADE_AT_ONCE = 1 << 16;

    private final ProbeSizes sizes;
    private final DType dtype;
    private final int threads;
    private final Map<CpuPaths, Kernels> loaded = new HashMap<>();

    PathProbes(ProbeSizes sizes, DType dtype, int threads) {
        this.sizes = sizes;
        this.dtype = dtype;
        this.threads = threads;
    }

    /**
     * Compares the two ways of each part: of linears first, then of the others, whose products are linears, by the way that
     * those take.
     *
     * @param known what is known of the parts that are not to be compared again
     * @param integers whether there are two ways of int8
     * @return all parts that there are two ways of
     */
    Map<Part, PairedTimes> compare(Map<Part, PairedTimes> known, boolean integers, PairTimer.Comparison comparison) {
        CpuPaths first = CpuPaths.DEFAULT.with(Part.INT8, integers);
        CpuPaths other = new CpuPaths(false, false, false, false, false);
        Map<Part, PairedTimes> measured = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            if (part == Part.INT8 && !integers) {
                continue;
            }
            PairedTimes times = known.get(part);
            measured.put(part, times != null ? times : compare(part, first, other, comparison));
            if (part == Part.LINEAR) {
                boolean linear = !measured.get(part).otherIsFaster();
                first = first.with(part, linear);
                other = other.with(part, linear);
            }
        }
        return measured;
    }

    private PairedTimes compare(Part part, CpuPaths first, CpuPaths other, PairTimer.Comparison comparison) {
        try (MemoryScope one = kernels(first).openScope();
                MemoryScope two = kernels(other).openScope()) {
            return switch (part) {
                case LINEAR -> {
                    int rows = rows(2.0 * sizes.width() * sizes.width());
                    yield compare(one, two, first, other, comparison, "linear", product(one, rows, sizes.width()));
                }
                case GELU -> {
                    int rows = rows(4.0 * sizes.width() * sizes.width());
                    yield compare(
                            one, two, first, other, comparison, "gelu_linear", product(one, rows, 4 * sizes.width()));
                }
                case ATTENTION -> compare(one, two, first, other, comparison, "attention", heads(one));
                case INT8 -> {
                    int rows = rows(2.0 * sizes.width() * sizes.width());
                    Tensor codes = TensorKernels.cast(one, made(one, 100, rows, sizes.width()), DType.I8);
                    Tensor weight = TensorKernels.cast(one, made(one, 100, sizes.width(), sizes.width()), DType.I8);
                    Object[] arguments = {codes, weight};
                    yield compare(one, two, first, other, comparison, "rounded_product", arguments);
                }
                case CONVOLUTION ->
                    comparison.of(new PairTimer.Way(first, resnet(one)), new PairTimer.Way(other, resnet(two)));
            };
        }
    }

    private static PairedTimes compare(
            MemoryScope one,
            MemoryScope two,
            CpuPaths first,
            CpuPaths other,
            PairTimer.Comparison comparison,
            String kernel,
            Object... arguments) {
        return comparison.of(
                new PairTimer.Way(first, () -> one.call(kernel, arguments).free()),
                new PairTimer.Way(other, () -> two.call(kernel, arguments).free()));
    }

    private Object[] product(MemoryScope scope, int rows, int out) {
        Tensor x = floats(scope, 1, rows, sizes.width());
        var weight = new LayerWeight(List.of(floats(scope, out, sizes.width()), floats(scope, out)));
        return new Object[] {x, weight};
    }

    private Object[] heads(MemoryScope scope) {
        int heads = Math.min(sizes.heads(), threads);
        Object[] arguments = new Object[4];
        for (int i = 0; i < 3; i++) {
            arguments[i] = floats(scope, 1, sizes.tokens(), heads, sizes.headWidth());
        }
        arguments[3] = 1 / Math.sqrt(sizes.headWidth());
        return arguments;
    }

    /** Two normalised convolutions, the second onto the input, whose features lie as these ways have them. */
    private Runnable resnet(MemoryScope scope) {
        int channels = sizes.channels();
        int side = (int) Math.max(1, Math.min(sizes.side(), Math.sqrt((double) PLACES_A_THREAD * threads)));
        var conv = new LayerWeight(List.of(floats(scope, channels, channels, 3, 3, 3), floats(scope, channels)));
        var norm = new LayerWeight(List.of(floats(scope, channels), floats(scope, channels)));
        List<Tensor> none = List.of();
        Tensor raw = floats(scope, 1, channels, FRAMES, side, side);
        Tensor x = scope.callForTuple("causal_conv", raw, conv, none).get(0);
        return () -> {
            try (MemoryScope own = scope.open()) {
                Tensor h = own.callForTuple("group_norm_conv", x, sizes.groups(), norm, NORM_EPS, conv, none, none)
                        .get(0);
                own.callForTuple("group_norm_conv", h, sizes.groups(), norm, NORM_EPS, conv, none, List.of(x));
            }
        };
    }

    private int rows(double operationsARow) {
        double rows = OPERATIONS_A_THREAD * threads / operationsARow;
        return (int) Math.min(sizes.tokens(), Math.max(LEAST_ROWS, rows));
    }

    private Tensor floats(MemoryScope scope, long... shape) {
        return TensorKernels.cast(scope, made(scope, 0.1, shape), dtype);
    }

    /** Values within a bound, in memory that was written: pages that never were are one page of zeros, and stay cached. */
    private static Tensor made(MemoryScope scope, double bound, long... shape) {
        long length = 1;
        for (long size : shape) {
            length *= size;
        }
        float[] values = new float[(int) Math.min(length, MADE_AT_ONCE)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * Math.sin(i));
        }
        try (MemoryScope own = scope.open()) {
            Tensor part = TensorKernels.ofFloats(own, values, values.length);
            int parts = (int) ((length + values.length - 1) / values.length);
            Tensor all = TensorKernels.concat(own, Collections.nCopies(parts, part), 0);
            return scope.adopt(TensorKernels.reshape(own, TensorKernels.narrow(own, all, 0, 0, length), shape));
        }
    }

    private Kernels kernels(CpuPaths paths) {
        return loaded.computeIfAbsent(paths, Kernels::load);
    }

    @Override
    public void close() {
        loaded.values().forEach(Kernels::close);
    }
}
