package io.text2video.worker.plan;

/**
 * What the process takes beside weights and tensors, as measured where it runs on the CPU. The measurements are those of
 * {@code PlannedMemoryTest} in the command line's tests.
 */
public final class ProcessMemory {
    /** Java with its heap, torch and its kernels, FFmpeg, and the pages of their libraries. */
    public static final long BASE = 380L << 20;

    /** What oneDNN needs beside the tensors, to lay out its operands in its own way; of what the tensors take. */
    private static final double LAYOUTS = 0.18;

    /** What glibc keeps of what was freed in a stage, for the stage's next tensors; of what the tensors take. */
    private static final double KEPT = 1.2;

    /** It keeps no more: {@code MALLOC_TRIM_THRESHOLD_} of the launcher and the images. */
    private static final long MOST_KEPT = 256L << 20;

    /** The VAE's tensors are mostly larger than the 32 MiB below which blocks are kept. */
    private static final long MOST_KEPT_ELSE = 100L << 20;

    private static final long COLORS = 3;

    /** That wait for the video encoder, or in it for those after them. */
    private static final int MOST_FRAMES = 60;

    private ProcessMemory() {}

    /** The frames on their way to the file. */
    public static long frames(Extent video) {
        return COLORS * video.height() * video.width() * Math.min(video.numFrames(), MOST_FRAMES);
    }

    static long working(Stage stage, long tensors) {
        long most = stage == Stage.DENOISE ? MOST_KEPT : MOST_KEPT_ELSE;
        return tensors + Math.round(LAYOUTS * tensors) + Math.min(most, Math.round(KEPT * tensors));
    }
}
