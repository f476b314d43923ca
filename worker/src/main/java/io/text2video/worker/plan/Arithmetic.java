package io.text2video.worker.plan;

import io.text2video.worker.kernels.CpuFeatures;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.quantization.Scheme;

/**
 * What products and convolutions hold beside their inputs, by where they are computed.
 *
 * @param floor which kernels
 * @param bytes a value between kernels
 * @param wide bytes a value while it is multiplied: four where a CPU does not multiply the type itself
 */
record Arithmetic(Floor floor, int bytes, int wide) {
    enum Floor {
        /** oneDNN by name, which convolves features as they are and adds into memory that is there. */
        ONEDNN,
        /** What oneDNN has not: widened to fp32, or at least laid out anew. */
        CPU,
        CUDA
    }

    /** {@code values_at_once} of on_cuda.py, in fp32: an intermediate of 32 bits on a GPU is no larger. */
    static final long SLICE = 256L << 20;

    static Arithmetic onCpu(DType compute, CpuFeatures cpu) {
        boolean multiplies = cpu.multiplies(compute);
        return new Arithmetic(
                multiplies && compute != DType.F16 ? Floor.ONEDNN : Floor.CPU,
                compute.bytes(),
                multiplies ? compute.bytes() : Float.BYTES);
    }

    static Arithmetic onGpu(DType compute) {
        return new Arithmetic(Floor.CUDA, compute.bytes(), compute.bytes());
    }

    private boolean widens() {
        return wide > bytes;
    }

    /**
     * A linear's result, and what is held on the way to it.
     *
     * @param rows that are multiplied
     * @param in width of its input, which stays
     * @param out width of its result
     * @param scheme of its weight
     */
    long product(long rows, long in, long out, Scheme scheme) {
        long result = bytes * rows * out;
        if (floor == Floor.CUDA) {
            return scheme == Scheme.INT8 || scheme == Scheme.FP8 ? roundedInSlices(rows, in, out, scheme) : result;
        }
        if (scheme.roundsInputs()) {
            // Codes, then sums that become the result in their own memory, or are rounded to half precision at the end.
            long sums = Float.BYTES * rows * out;
            return Math.max(rows * in + sums, bytes < Float.BYTES ? sums + result : 0);
        }
        return widens() ? wide * rows * out + Math.max(wide * rows * in, result) : result;
    }

    /**
     * What has 32 bits is there in slices: an input and what it is rounded to, then sums and what their gelu takes. Codes of
     * i8 are there at once, those of e4m3 by slices too.
     */
    private long roundedInSlices(long rows, long in, long out, Scheme scheme) {
        long result = bytes * rows * out;
        long rounding = 2 * Math.min(SLICE, Float.BYTES * rows * in);
        return scheme == Scheme.FP8
                ? result + rounding + rounding / 8
                : rows * in + Math.max(rounding, result + 2 * Math.min(SLICE, Float.BYTES * rows * out));
    }

    /**
     * A convolution's result, and what is held on the way to it.
     *
     * @param in values of its padded input, which stays
     * @param out values of its result
     * @param added whether the result is added to features that are there already
     */
    long convolution(long in, long out, boolean added) {
        return switch (floor) {
            case ONEDNN -> added ? 0 : bytes * out;
            case CPU -> {
                long laidOut = wide * in;
                long whileLaidOut = widens() ? 2 * laidOut : laidOut;
                long rounded = widens() ? bytes * out : 0;
                yield Math.max(whileLaidOut, wide * out + Math.max(laidOut, rounded));
            }
            case CUDA -> bytes * out;
        };
    }

    /** While a norm takes its moments, of a frame's values in bands. */
    long moments(long values) {
        return floor == Floor.CUDA ? Math.min(2 * SLICE, Float.BYTES * values) : 0;
    }
}
