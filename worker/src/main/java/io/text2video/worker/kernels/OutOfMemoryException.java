package io.text2video.worker.kernels;

import java.util.List;

/** There was no memory for what a kernel was to make. What the scopes hold may be freed, and less be tried. */
public final class OutOfMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * How torch 2.7 says it: its allocator, oneDNN for its operands and for its own workspace, C++, and a mapping of a
     * file.
     */
    private static final List<String> SIGNS = List.of(
            "DefaultCPUAllocator",
            "could not create a memory",
            "could not execute a primitive",
            "bad_alloc",
            "Cannot allocate memory");

    /** An exception with what to tell people. */
    public OutOfMemoryException(String message, Throwable cause) {
        super(message, cause);
    }

    static boolean isSaidBy(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return SIGNS.stream().anyMatch(message::contains);
    }
}
