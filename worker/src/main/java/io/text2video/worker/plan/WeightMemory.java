package io.text2video.worker.plan;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.Scheme;
import io.text2video.worker.quantization.WeightStorage;
import io.text2video.worker.weights.TensorInfo;
import io.text2video.worker.weights.TensorStorage;
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
        boolean stored = tensors.stream().anyMatch(tensor -> tensor.dtype().bytes() == 1);
        var weights = new WeightStorage(component, scheme, stored);
        long mapped = 0;
        long own = 0;
        long widened = 0;
        for (TensorInfo tensor : tensors) {
            DType dtype = kept.apply(tensor);
            TensorStorage storage = TensorStorage.of(tensor, dtype, weights);
            if (!storage.isMapped()) {
                own += storage.bytes(tensor, dtype);
            } else if (touched.test(tensor)) {
                mapped += storage.bytes(tensor, dtype);
            }
            if (touched.test(tensor) && isWidened(tensor, compute, storage, weights)) {
                widened = Math.max(widened, tensor.elements() * (compute == DType.F16 ? Float.BYTES : compute.bytes()));
            }
        }
        return new WeightMemory(mapped, own, widened);
    }

    /** In fp16 any is that is multiplied, as few CPUs multiply that. */
    private static boolean isWidened(TensorInfo tensor, DType compute, TensorStorage storage, WeightStorage weights) {
        return storage.isQuantized()
                ? !weights.roundsInputs(tensor.shape())
                : storage == TensorStorage.MAPPED_NARROW || compute == DType.F16 && tensor.shape().length > 1;
    }
}
