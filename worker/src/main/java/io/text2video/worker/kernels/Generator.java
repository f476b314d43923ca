package io.text2video.worker.kernels;

import ai.djl.pytorch.jni.IValue;

/**
 * A CPU Mersenne-Twister generator, so that a seed means what it means to diffusers: whatever draws from it in the same
 * order draws the same. Belongs to one thread, and to whoever seeded it until closed.
 */
public final class Generator implements AutoCloseable {
    private final IValue handle;

    private Generator(IValue handle) {
        this.handle = handle;
    }

    /** A fresh generator. */
    public static Generator seeded(MemoryScope scope, long seed) {
        return new Generator(scope.callForHandle("generator", seed));
    }

    /** Draws from the standard normal distribution: the same numbers on every device. They depend on the dtype. */
    public Tensor randn(MemoryScope scope, DType dtype, long... shape) {
        return scope.call("randn", this, shape, dtype);
    }

    IValue handle() {
        return handle;
    }

    @Override
    public void close() {
        handle.close();
    }
}
