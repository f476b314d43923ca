package io.text2video.worker.pipeline;

/**
 * Shown what the latents are after each step, as the VAE decodes their first frame: noise at first, the video's first frame in
 * the end. On the thread that generates; an exception thrown here ends the generation.
 */
@FunctionalInterface
public interface PreviewSink {
    /** For who wants none; nothing is decoded for it. */
    PreviewSink NONE = (step, frame) -> {};

    /**
     * Takes a preview.
     *
     * @param step how many steps are done, from 1
     * @param frame one frame of the video's size, its pixels the sink's own from now on
     */
    void accept(int step, Frames frame);
}
