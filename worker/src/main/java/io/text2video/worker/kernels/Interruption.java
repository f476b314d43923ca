package io.text2video.worker.kernels;

/**
 * Says whether work is to go on. Asked before each kernel, on the thread that computes: so it is heard within a step, and its
 * answer must cost next to nothing beside the 10 µs that a call of the smallest kernel takes.
 */
@FunctionalInterface
public interface Interruption {
    /** Everything goes on. */
    Interruption NONE = kernel -> {};

    /**
     * Passes when the work is to go on.
     *
     * @param kernel that runs next
     * @throws java.util.concurrent.CancellationException when it is not: no kernel of the work runs after that
     */
    void check(String kernel);
}
