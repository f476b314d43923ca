package io.text2video.worker.kernels;

import java.util.regex.Pattern;

/**
 * A device failed in a way that every later call in this process would meet too: CUDA keeps such an error with its context,
 * and tells it late, so that another kernel than the named one may be at fault. Only a new process computes on.
 */
public final class DeviceFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * How torch 2.7 says it, with what cuBLAS and cuDNN say of launches that failed. What they say of calls that they do not
     * accept comes before a launch and leaves the context whole.
     */
    private static final Pattern SIGNS = Pattern.compile("CUDA error: (?!CUBLAS_STATUS_(?:NOT_SUPPORTED|INVALID_VALUE))"
            + "|CUDA driver error: "
            + "|CUBLAS_STATUS_(?:EXECUTION_FAILED|INTERNAL_ERROR|MAPPING_ERROR|NOT_INITIALIZED)"
            + "|CUDNN_STATUS_(?:EXECUTION_FAILED|INTERNAL_ERROR|MAPPING_ERROR|NOT_INITIALIZED)");

    /** An exception with what to tell people. */
    public DeviceFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** To be asked only of what {@link OutOfMemoryException#isSaidBy} does not know. */
    static boolean isSaidBy(Throwable failure) {
        return SIGNS.matcher(String.valueOf(failure.getMessage())).find();
    }
}
