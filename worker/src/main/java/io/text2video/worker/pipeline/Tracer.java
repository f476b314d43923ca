package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsWriter.Entry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Copies tensors out of the engine for a sink, where there is one. */
record Tracer(TraceSink sink) {
    boolean active() {
        return sink != TraceSink.NONE;
    }

    void tensor(MemoryScope scope, String key, Tensor tensor) {
        if (active()) {
            SafetensorsDtype dtype =
                    SafetensorsDtype.valueOf(TensorKernels.dtype(scope, tensor).name());
            sink.accept(new Entry(key, dtype, tensor.shape(), TensorKernels.toBytes(scope, tensor)));
        }
    }

    void floats(String key, double... values) {
        if (active()) {
            ByteBuffer bytes = littleEndian(values.length * Float.BYTES);
            for (double value : values) {
                bytes.putFloat((float) value);
            }
            sink.accept(new Entry(key, SafetensorsDtype.F32, new long[] {values.length}, bytes.flip()));
        }
    }

    /** Rows of the same length. */
    void longs(String key, long[]... rows) {
        if (active()) {
            ByteBuffer bytes = littleEndian(rows.length * rows[0].length * Long.BYTES);
            for (long[] row : rows) {
                bytes.asLongBuffer().put(row);
                bytes.position(bytes.position() + row.length * Long.BYTES);
            }
            sink.accept(new Entry(key, SafetensorsDtype.I64, new long[] {rows.length, rows[0].length}, bytes.flip()));
        }
    }

    void bytes(String key, SafetensorsDtype dtype, ByteBuffer bytes, long... shape) {
        if (active()) {
            sink.accept(new Entry(key, dtype, shape, bytes));
        }
    }

    static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
