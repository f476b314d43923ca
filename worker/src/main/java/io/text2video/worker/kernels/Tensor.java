package io.text2video.worker.kernels;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.Arrays;

/** A tensor in native memory, owned by a {@link MemoryScope}. Its elements are touched by kernels alone. */
public final class Tensor {
    private final PtNDArray array;

    Tensor(PtNDArray array) {
        this.array = array;
    }

    PtNDArray array() {
        return array;
    }

    /** A fresh array at each call. */
    public long[] shape() {
        return array.getShape().getShape();
    }

    /** Length of one dimension. */
    public int size(int dimension) {
        return Math.toIntExact(array.getShape().get(dimension));
    }

    /** Frees the memory before the scope does; the tensor must not be used again. */
    public void free() {
        array.close();
    }

    @Override
    public String toString() {
        return "Tensor" + Arrays.toString(shape());
    }
}
