package io.text2video.worker.kernels;

import java.util.regex.Pattern;

/** There was no memory for what a kernel was to make. What the scopes hold may be freed, and less be tried. */
public final class OutOfMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * How torch 2.7 says it: its allocator, oneDNN for its operands and for its own workspace, C++ and Linux; on a GPU its
     * allocator, the driver, cuBLAS and, from cuDNN 8 to 9, cuDNN.
     */
    private static final Pattern SIGNS = Pattern.compile("DefaultCPUAllocator"
            + "|could not create a memory"
            + "|could not execute a primitive"
            + "|bad_alloc"
            + "|Cannot allocate memory"
            + "|CUDA out of memory"
            + "|CUDA (?:driver )?error: out of memory"
            + "|CUBLAS_STATUS_ALLOC_FAILED"
            + "|CUDNN_STATUS_(?:INTERNAL_ERROR_)?(?:HOST_|DEVICE_)?ALLOC(?:ATION)?_FAILED");

    /** An exception with what to tell people. */
    public OutOfMemoryException(String message, Throwable cause) {
        super(message, cause);
    }

    static boolean isSaidBy(Throwable failure) {
        return SIGNS.matcher(String.valueOf(failure.getMessage())).find();
    }
}
