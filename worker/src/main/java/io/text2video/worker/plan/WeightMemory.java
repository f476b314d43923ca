package io.text2video.worker.plan;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.Scheme;
import io.text2video.worker.quantization.WeightStorage;
import io.text2video.worker.weights.TensorInfo;
import io.text2video.worker.weights.TensorStorage;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a network's weights take as the engine keeps them, in bytes.
 *
 * @param mapped used as they are stored, where they are used at all
 * @param own converted or quantized as they are loaded
 * @param all of the two, and what is never used
 * @param block the largest of the blocks that text encoder and transformer are made of
 * @param beside what belongs to no block
 * @param largest that are widened
 */
public record WeightMemory(long mapped, long own, long all, long block, long beside, Largest largest) {
    private static final Pattern BLOCK = Pattern.compile("(encoder\\.block|transformer_blocks)\\.\\d+\\.");

    /**
     * Values of the largest weights of those kinds that are widened for a product.
     *
     * @param narrow stored narrower than they are used in, which is fp32
     * @param half of two bytes, and used in that
     * @param codes of a byte each, whose inputs are not rounded
     */
    record Largest(long narrow, long half, long codes) {}

    /**
     * Adds up a component's tensors.
     *
     * @param used what a tensor is used in that is not quantized
     * @param component whose they are
     * @param scheme what it is quantized by
     * @param touched whether a generation reads more of a weight than a few rows; only mapped ones are spared otherwise
     */
    static WeightMemory of(
            Collection<TensorInfo> tensors,
            Function<TensorInfo, DType> used,
            Component component,
            Scheme scheme,
            Predicate<TensorInfo> touched) {
        boolean stored = tensors.stream().anyMatch(tensor -> tensor.dtype().bytes() == 1);
        var weights = new WeightStorage(component, scheme, stored);
        long mapped = 0;
        long own = 0;
        long all = 0;
        long beside = 0;
        long narrow = 0;
        long half = 0;
        long codes = 0;
        Map<String, Long> blocks = new HashMap<>();
        for (TensorInfo tensor : tensors) {
            DType type = used.apply(tensor);
            TensorStorage storage = TensorStorage.of(tensor, type, weights);
            long bytes = storage.bytes(tensor, type);
            boolean read = touched.test(tensor);
            mapped += read && storage.isMapped() ? bytes : 0;
            own += storage.isMapped() ? 0 : bytes;
            all += bytes;
            Matcher block = BLOCK.matcher(tensor.name());
            if (block.lookingAt()) {
                blocks.merge(block.group(), bytes, Long::sum);
            } else {
                beside += bytes;
            }
            long widened = read && tensor.shape().length > 1 ? tensor.elements() : 0;
            if (storage.isQuantized()) {
                codes = Math.max(codes, weights.roundsInputs(tensor.shape()) ? 0 : widened);
            } else if (storage == TensorStorage.MAPPED_NARROW) {
                narrow = Math.max(narrow, widened);
            } else if (type.bytes() == Short.BYTES) {
                half = Math.max(half, widened);
            }
        }
        long block = blocks.values().stream().mapToLong(Long::longValue).max().orElse(0);
        return new WeightMemory(mapped, own, all, block, beside, new Largest(narrow, half, codes));
    }

    /** The most that one takes while it is widened for a product. Codes are widened in fp32, whatever is multiplied. */
    long widened(Arithmetic arithmetic) {
        int wide = arithmetic.wide();
        long codes = largest.codes() * (Float.BYTES + (wide < Float.BYTES ? wide : 0));
        long half = wide > Short.BYTES ? Float.BYTES * largest.half() : 0;
        return Math.max(codes, Math.max(half, Float.BYTES * largest.narrow()));
    }
}
