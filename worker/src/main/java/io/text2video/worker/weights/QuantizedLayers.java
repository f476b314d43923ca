package io.text2video.worker.weights;

import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.QuantizationKernels;
import io.text2video.worker.kernels.QuantizationKernels.Quantized;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.quantization.WeightStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The layers of a component whose weights are kept in a byte each: stored so and mapped, or quantized one at a time as a
 * network asks for them. A layer that is asked for again is the same one. Belongs to one thread.
 */
final class QuantizedLayers {
    /** What a layer's scales are called, beside its {@code weight}. */
    static final String SCALE = "weight_scale";

    private final MemoryScope owner;
    private final MappedTensors mapped;
    private final Path directory;
    private final Map<String, TensorInfo> tensors;
    private final WeightStorage storage;
    private final Map<String, LayerWeight> known = new HashMap<>();

    QuantizedLayers(
            MemoryScope owner,
            MappedTensors mapped,
            Path directory,
            Map<String, TensorInfo> tensors,
            WeightStorage storage) {
        this.owner = owner;
        this.mapped = mapped;
        this.directory = directory;
        this.tensors = tensors;
        this.storage = storage;
    }

    /** Whether a layer is one of these. */
    boolean has(String layer) throws WeightMismatchException {
        TensorInfo weight = tensors.get(layer + ".weight");
        if (weight == null || MappedTensors.dtype(weight).isPresent()) {
            return weight != null && storage.quantizes(weight.name(), weight.shape());
        }
        if (!storage.stored()) {
            throw mismatch(
                    weight,
                    "is stored as %s, but config.json has no quantization_config that says what that means"
                            .formatted(weight.dtype()));
        }
        SafetensorsDtype codes = dtype(storage);
        if (weight.dtype() != codes) {
            throw mismatch(
                    weight,
                    "is stored as %s, but the quantization_config makes it %s".formatted(weight.dtype(), codes));
        }
        return true;
    }

    /**
     * One layer.
     *
     * @param weight of the shape that was asked for
     * @param bias in the compute type, or empty
     */
    LayerWeight layer(String layer, TensorInfo weight, Tensor bias) throws IOException {
        LayerWeight before = known.get(layer);
        if (before != null) {
            return before;
        }
        boolean stored = MappedTensors.dtype(weight).isEmpty();
        Quantized own = stored ? read(weight, tensors.get(layer + "." + SCALE)) : quantize(weight);
        Tensor scale = storage.roundsInputs(weight.shape())
                ? TensorKernels.reshape(owner, own.scale(), weight.shape()[0])
                : own.scale();
        LayerWeight made = LayerWeight.quantized(own.codes(), bias, scale);
        known.put(layer, made);
        return made;
    }

    private Quantized quantize(TensorInfo weight) throws IOException {
        try (MemoryScope scope = owner.open()) {
            Quantized made = QuantizationKernels.quantize(
                    scope, mapped.view(scope, weight), storage.scheme().codes());
            if (!TensorKernels.allFinite(scope, made.scale())) {
                throw mismatch(weight, "has values that are infinite or NaN, and cannot be quantized");
            }
            return new Quantized(owner.adopt(made.codes()), owner.adopt(made.scale()));
        }
    }

    private Quantized read(TensorInfo weight, TensorInfo scale) throws IOException {
        if (scale == null) {
            throw mismatch(weight, "is stored as %s without a %s beside it".formatted(weight.dtype(), SCALE));
        }
        long out = weight.shape()[0];
        if (MappedTensors.dtype(scale).isEmpty()) {
            throw mismatch(scale, "is stored as " + scale.dtype() + ", but must be one of " + MappedTensors.floats());
        }
        if (scale.elements() != out || scale.shape().length == 0 || scale.shape()[0] != out) {
            throw mismatch(
                    scale,
                    "has shape %s, but must have one scale for each of the %d output channels, [%d, 1]"
                            .formatted(Arrays.toString(scale.shape()), out, out));
        }
        try (MemoryScope scope = owner.open()) {
            float[] scales = TensorKernels.toFloats(scope, mapped.view(scope, scale));
            for (int i = 0; i < scales.length; i++) {
                // Also false for NaN.
                if (!(scales[i] > 0 && scales[i] <= Float.MAX_VALUE)) {
                    throw mismatch(
                            scale,
                            "is %s for output channel %d, but must be positive and finite".formatted(scales[i], i));
                }
            }
            long[] shape = new long[weight.shape().length];
            Arrays.fill(shape, 1);
            shape[0] = out;
            // A copy in fp32: a scale may lie at any offset of the file, and is read with each product.
            return new Quantized(mapped.view(owner, weight), TensorKernels.ofFloats(owner, scales, shape));
        }
    }

    private static SafetensorsDtype dtype(WeightStorage storage) {
        return switch (storage.scheme().codes()) {
            case I8 -> SafetensorsDtype.I8;
            case F8_E4M3 -> SafetensorsDtype.F8_E4M3;
            default -> throw new IllegalStateException(storage.scheme() + " has no codes");
        };
    }

    private WeightMismatchException mismatch(TensorInfo tensor, String reason) {
        return new WeightMismatchException(directory, tensor.name(), reason);
    }
}
