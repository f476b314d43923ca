package io.text2video.worker.weights;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.quantization.WeightStorage;
import java.util.Optional;

/** How a tensor of a checkpoint is kept in memory. Decided here alone, for who loads it and for who reckons what it takes. */
public enum TensorStorage {
    /** A view of its file, of floats in the compute type. */
    MAPPED,
    /** A view of its file, of narrower floats that kernels widen as they use them. */
    MAPPED_NARROW,
    /** A view of its file, of codes that stand for floats. */
    MAPPED_CODES,
    /** A copy in the compute type. */
    CONVERTED,
    /** Codes with a scale for each output channel, made of its floats. */
    QUANTIZED;

    /**
     * Bytes below which a weight is converted at once. Of CogVideoX-2b in fp16, 923 of 1391 tensors are smaller and have 18
     * of 12 725 MiB together: converting them costs nothing, and widening them at every use would cost the small models,
     * which have no others, much of their time.
     */
    public static final long SMALLEST_LEFT_NARROW = 1 << 20;

    /** Of linears, convolutions and tables: what kernels widen themselves. */
    private static final String WEIGHT = ".weight";

    /**
     * Decides.
     *
     * @param compute what its layer computes in
     * @param storage of its component
     */
    public static TensorStorage of(TensorInfo tensor, DType compute, WeightStorage storage) {
        Optional<DType> floats = MappedTensors.dtype(tensor);
        if (floats.isEmpty()) {
            return tensor.dtype().bytes() == 1 ? MAPPED_CODES : CONVERTED;
        }
        if (storage.quantizes(tensor.name(), tensor.shape())) {
            return QUANTIZED;
        }
        if (floats.get() == compute) {
            return MAPPED;
        }
        boolean narrow = floats.get().bytes() < compute.bytes()
                && tensor.name().endsWith(WEIGHT)
                && tensor.shape().length > 1
                && tensor.byteLength() >= SMALLEST_LEFT_NARROW;
        return narrow ? MAPPED_NARROW : CONVERTED;
    }

    /** Whether its pages are the file's own, which the system may drop and read again. */
    public boolean isMapped() {
        return this == MAPPED || this == MAPPED_NARROW || this == MAPPED_CODES;
    }

    /** Whether it is codes that stand for floats. */
    public boolean isQuantized() {
        return this == MAPPED_CODES || this == QUANTIZED;
    }

    /** What it takes so, in bytes. */
    public long bytes(TensorInfo tensor, DType compute) {
        return switch (this) {
            case MAPPED, MAPPED_NARROW, MAPPED_CODES -> tensor.byteLength();
            case CONVERTED -> tensor.elements() * compute.bytes();
            case QUANTIZED -> tensor.elements() + Float.BYTES * tensor.shape()[0];
        };
    }
}
