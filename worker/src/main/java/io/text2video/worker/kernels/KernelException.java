package io.text2video.worker.kernels;

/** A kernel failed: shapes that do not fit, memory that ran out, or an archive that does not load. */
public final class KernelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KernelException(String message, Throwable cause) {
        super(message, cause);
    }
}
