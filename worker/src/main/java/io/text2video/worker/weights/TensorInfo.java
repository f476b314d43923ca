package io.text2video.worker.weights;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/**
 * Where a tensor lies. Elements are row-major and little-endian. Immutable: the shape is copied on its way in and out.
 *
 * @param name the checkpoint's key
 * @param shape empty for a scalar
 * @param file the safetensors file that holds it
 * @param offset of its first byte from the start of the file, not of the data section; a multiple of the element's size
 *     only where the writer cared
 * @param byteLength product of the shape times the element's size
 */
@SuppressWarnings("ArrayRecordComponent") // engines take a shape as long[]; equality is by content below
public record TensorInfo(String name, SafetensorsDtype dtype, long[] shape, Path file, long offset, long byteLength) {
    public TensorInfo {
        shape = shape.clone();
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** Elements of the tensor; 1 for a scalar. */
    public long elements() {
        return byteLength / dtype.bytes();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorInfo that
                && name.equals(that.name)
                && dtype == that.dtype
                && Arrays.equals(shape, that.shape)
                && file.equals(that.file)
                && offset == that.offset
                && byteLength == that.byteLength;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, dtype, Arrays.hashCode(shape), file, offset, byteLength);
    }

    @Override
    public String toString() {
        return name + " " + dtype + Arrays.toString(shape) + " at " + file + ":" + offset;
    }
}
