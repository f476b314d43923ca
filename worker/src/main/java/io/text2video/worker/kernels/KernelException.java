package io.text2video.worker.kernels;

import ai.djl.engine.EngineException;

/** A kernel failed: shapes that do not fit, or an archive that does not load. */
public final class KernelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KernelException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What the engine's failure is, by its words: it has one exception for all. */
    static RuntimeException of(String what, EngineException failure) {
        String message = what + ": " + failure.getMessage();
        if (OutOfMemoryException.isSaidBy(failure)) {
            return new OutOfMemoryException(message, failure);
        }
        return DeviceFailedException.isSaidBy(failure)
                ? new DeviceFailedException(message, failure)
                : new KernelException(message, failure);
    }
}
