package io.text2video.worker.quantizer;

import io.text2video.worker.quantization.Scheme;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.TensorInfo;
import io.text2video.worker.weights.TensorSlot;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor of the float checkpoint and what is written for it.
 *
 * @param slots the codes and the scales, or the tensor as it is
 */
record Item(TensorInfo from, List<TensorSlot> slots) {
    private static final String WEIGHT = ".weight";

    static Item copied(TensorInfo from) {
        return new Item(from, List.of(new TensorSlot(from.name(), from.dtype(), from.shape())));
    }

    static Item quantized(TensorInfo from, Scheme scheme) {
        long[] scales = new long[from.shape().length];
        Arrays.fill(scales, 1);
        scales[0] = from.shape()[0];
        SafetensorsDtype codes = scheme == Scheme.FP8 ? SafetensorsDtype.F8_E4M3 : SafetensorsDtype.I8;
        return new Item(
                from,
                List.of(
                        new TensorSlot(from.name(), codes, from.shape()),
                        new TensorSlot(from.name() + "_scale", SafetensorsDtype.F32, scales)));
    }

    /** The layer that a weight belongs to; empty for any other tensor. */
    static String layer(TensorInfo tensor) {
        return tensor.name().endsWith(WEIGHT)
                ? tensor.name().substring(0, tensor.name().length() - WEIGHT.length())
                : "";
    }

    boolean quantized() {
        return slots.size() > 1;
    }

    long byteLength() {
        return slots.stream().mapToLong(TensorSlot::byteLength).sum();
    }
}
