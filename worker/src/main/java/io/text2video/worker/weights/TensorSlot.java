package io.text2video.worker.weights;

import java.util.Arrays;

/**
 * A tensor that is to be written.
 *
 * @param shape empty for a scalar
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier into a writer that nobody compares
public record TensorSlot(String name, SafetensorsDtype dtype, long[] shape) {
    public TensorSlot {
        shape = shape.clone();
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException(name + " has the shape " + Arrays.toString(shape));
            }
        }
    }

    /** Product of the shape times the element's size. */
    public long byteLength() {
        return Arrays.stream(shape).reduce(dtype.bytes(), Math::multiplyExact);
    }
}
