package io.text2video.worker.kernels;

import ai.djl.ndarray.types.Shape;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;

/** Kernels that make, move and read tensors. */
public final class TensorKernels {
    private TensorKernels() {}

    /** A tensor of {@link DType#I64} on the scope's device. */
    public static Tensor ofLongs(MemoryScope scope, long[] values, long... shape) {
        return ofBuffer(scope, LongBuffer.wrap(values), ai.djl.ndarray.types.DataType.INT64, shape);
    }

    /** A tensor of {@link DType#F32} on the scope's device. */
    public static Tensor ofFloats(MemoryScope scope, float[] values, long... shape) {
        return ofBuffer(scope, FloatBuffer.wrap(values), ai.djl.ndarray.types.DataType.FLOAT32, shape);
    }

    private static Tensor ofBuffer(
            MemoryScope scope, Buffer values, ai.djl.ndarray.types.DataType dtype, long... shape) {
        if (!scope.device().isCuda()) {
            // Its memory is Java's, which DJL keeps for this array and for no other view of it.
            return new Tensor(scope.manager().create(values, new Shape(shape), dtype));
        }
        try (MemoryScope own = scope.open()) {
            return place(scope, new Tensor(own.manager().create(values, new Shape(shape), dtype)));
        }
    }

    /** The same elements on the scope's device; the same tensor where it is there already. */
    public static Tensor place(MemoryScope scope, Tensor x) {
        return scope.call("placed", x);
    }

    /**
     * A tensor on the scope's device from what {@link #toBytes} gave, in memory of its own.
     *
     * @param bytes from the buffer's position to its limit; the position stays
     */
    public static Tensor ofBytes(MemoryScope scope, ByteBuffer bytes, DType dtype, long... shape) {
        try (MemoryScope own = scope.open()) {
            long length = bytes.remaining();
            Tensor raw = new Tensor(
                    own.manager().create(bytes.duplicate(), new Shape(length), ai.djl.ndarray.types.DataType.UINT8));
            return place(scope, own.call("copy_mapped", raw, dtype, 0L, length, shape));
        }
    }

    /**
     * Part of a mapped file as a tensor on the scope's device. On the CPU it is a view, where the offset is a multiple of the
     * element's size; a GPU gets a copy.
     *
     * @param offset in bytes
     */
    public static Tensor view(MemoryScope scope, Tensor mapped, DType dtype, long offset, long... shape) {
        try (MemoryScope own = scope.open()) {
            return place(scope, onHost(own, mapped, dtype, offset, shape));
        }
    }

    private static Tensor onHost(MemoryScope scope, Tensor mapped, DType dtype, long offset, long... shape) {
        if (offset % dtype.bytes() == 0) {
            return scope.call("view_mapped", mapped, dtype, offset / dtype.bytes(), shape);
        }
        long length = dtype.bytes();
        for (long size : shape) {
            length = Math.multiplyExact(length, size);
        }
        return scope.call("copy_mapped", mapped, dtype, offset, length, shape);
    }

    /** The same elements as another dtype; the same memory where the dtype is that already. */
    public static Tensor cast(MemoryScope scope, Tensor x, DType dtype) {
        return scope.call("cast", x, dtype);
    }

    /** factor · x as a dtype, in memory of its own; multiplied in fp32 and rounded once. */
    public static Tensor scaled(MemoryScope scope, Tensor x, DType dtype, double factor) {
        return scope.call("scaled", x, dtype, factor);
    }

    /** The same elements in another shape; the same memory where it can be. */
    public static Tensor reshape(MemoryScope scope, Tensor x, long... shape) {
        return scope.call("reshape", x, shape);
    }

    /** Whether no element is infinite or NaN. */
    public static boolean allFinite(MemoryScope scope, Tensor x) {
        return scope.callForLong("all_finite", x) == 1;
    }

    public static Tensor concat(MemoryScope scope, List<Tensor> parts, int dimension) {
        return scope.call("concat", parts, dimension);
    }

    /** The sum, element by element. */
    public static Tensor add(MemoryScope scope, Tensor x, Tensor y) {
        return scope.call("add", x, y);
    }

    /** The same elements in memory of their own. */
    public static Tensor copy(MemoryScope scope, Tensor x) {
        return scope.call("copy", x);
    }

    /** A view of the elements from {@code start} to before {@code end} of a dimension. */
    public static Tensor narrow(MemoryScope scope, Tensor x, int dimension, long start, long end) {
        return scope.call("narrow", x, dimension, start, end);
    }

    public static DType dtype(MemoryScope scope, Tensor x) {
        return DType.ofCode(scope.callForLong("dtype_of", x));
    }

    /**
     * Copies the elements out, row-major and little-endian, whatever their dtype.
     *
     * @param scope for what is needed on the way
     */
    public static ByteBuffer toBytes(MemoryScope scope, Tensor x) {
        try (MemoryScope own = scope.open()) {
            ByteBuffer bytes = own.call("to_bytes", x).array().toByteBuffer(false);
            return bytes.order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Copies the elements out as fp32. */
    public static float[] toFloats(MemoryScope scope, Tensor x) {
        try (MemoryScope own = scope.open()) {
            FloatBuffer floats = toBytes(own, cast(own, x, DType.F32)).asFloatBuffer();
            float[] values = new float[floats.remaining()];
            floats.get(values);
            return values;
        }
    }
}
