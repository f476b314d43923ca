package io.text2video.worker.plan;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.Scheme;
import io.text2video.worker.weights.TensorInfo;
import io.text2video.worker.weights.Weights;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a network's weights take as the engine keeps them, in bytes.
 *
 * @param mapped used as they are stored, where they are used at all
 * @param own converted or quantized as they are loaded
 * @param widened the most that one takes while it is widened for a product
 */
public record WeightMemory(long mapped, long own, long widened) {
    /**
     * Adds up a component's tensors.
     *
     * @param compute what is computed in
     * @param kept what a tensor is kept in that is not quantized
     * @param component whose they are
     * @param scheme what it is quantized by
     * @param touched whether a generation reads more of a weight than a few rows; only mapped ones are spared otherwise
     */
    static WeightMemory of(
            Collection<TensorInfo> tensors,
            DType compute,
            Function<TensorInfo, DType> kept,
            Component component,
            Scheme scheme,
            Predicate<TensorInfo> touched) {
        long mapped = 0;
        long own = 0;
        long widened = 0;
        for (TensorInfo tensor : tensors) {
            boolean quantized = tensor.dtype().bytes() == 1
                    || scheme != Scheme.NONE && component.quantizesTensor(tensor.name(), tensor.shape());
            if (quantized && tensor.dtype().bytes() > 1) {
                own += tensor.elements() + Float.BYTES * tensor.shape()[0];
            } else if (quantized || staysMapped(tensor, kept.apply(tensor))) {
                mapped += touched.test(tensor) ? tensor.byteLength() : 0;
            } else {
                own += tensor.elements() * kept.apply(tensor).bytes();
            }
            if (touched.test(tensor) && isWidened(tensor, compute, quantized, scheme)) {
                widened = Math.max(widened, tensor.elements() * (compute == DType.F16 ? Float.BYTES : compute.bytes()));
            }
        }
        return new WeightMemory(mapped, own, widened);
    }

    /** In fp16 any is, as few CPUs multiply that. */
    private static boolean isWidened(TensorInfo tensor, DType compute, boolean quantized, Scheme scheme) {
        return quantized
                ? scheme != Scheme.INT8
                : compute == DType.F16 && tensor.shape().length > 1 || staysNarrow(tensor, compute);
    }

    /** Whether it is stored in what is computed in, or stays as it is. */
    private static boolean staysMapped(TensorInfo tensor, DType compute) {
        return tensor.dtype().name().equals(compute.name()) || staysNarrow(tensor, compute);
    }

    /** As {@link Weights} decides. */
    private static boolean staysNarrow(TensorInfo tensor, DType compute) {
        return tensor.dtype().bytes() < compute.bytes()
                && tensor.shape().length > 1
                && tensor.byteLength() >= Weights.SMALLEST_LEFT_NARROW;
    }
}
