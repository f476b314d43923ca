package io.text2video.worker.kernels;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import java.util.Optional;

/**
 * The C library's heap, where tensors lie. glibc keeps what is freed for the next tensor, which spares a stage from
 * clearing the same pages again and again; the next stage needs other sizes. Safe across threads.
 */
final class NativeHeap {
    /** Empty where the C library has no such thing: it is glibc's own. */
    private static final Optional<Function> MALLOC_TRIM = mallocTrim();

    private NativeHeap() {}

    /** Gives back to the system what is free, in holes too. */
    static void trim() {
        MALLOC_TRIM.ifPresent(trim -> trim.invokeInt(new Object[] {new NativeLong(0)}));
    }

    private static Optional<Function> mallocTrim() {
        try {
            return Optional.of(
                    NativeLibrary.getInstance(Platform.C_LIBRARY_NAME).getFunction("malloc_trim"));
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }
}
