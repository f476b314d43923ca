package io.text2video.worker.pipeline;

/**
 * Takes a video's frames as they are decoded: some at a time, in order, on the thread that generates. It may block, and
 * the generation waits. An exception thrown here ends the generation.
 */
@FunctionalInterface
public interface FrameSink {
    /** For who wants the timings alone. */
    FrameSink NONE = chunk -> {};

    /**
     * Takes the next frames.
     *
     * @param chunk at least one frame, its pixels the sink's own from now on; all of a video are of one size
     */
    void accept(Frames chunk);
}
