package io.text2video.worker.plan;

/**
 * What the process takes beside weights and tensors, as measured where it runs on the CPU. The measurements are those of
 * {@code PlannedMemoryTest} in the command line's tests.
 */
public final class ProcessMemory {
    /** Java with its heap, torch and its kernels, FFmpeg, and the pages of their libraries. */
    public static final long BASE = 340L << 20;

    /**
     * What oneDNN needs beside the tensors, to lay out its operands in its own way, and what the allocator leaves unused;
     * of what the tensors take.
     */
    private static final double SLACK = 1.18;

    private static final long COLORS = 3;

    /** That wait for the video encoder, or in it for those after them. */
    private static final int MOST_FRAMES = 60;

    private ProcessMemory() {}

    /** The frames on their way to the file. */
    public static long frames(Extent video) {
        return COLORS * video.height() * video.width() * Math.min(video.numFrames(), MOST_FRAMES);
    }

    static long working(long tensors) {
        return Math.round(SLACK * tensors);
    }
}
