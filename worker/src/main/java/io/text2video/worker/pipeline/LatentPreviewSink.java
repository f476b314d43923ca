package io.text2video.worker.pipeline;

import java.util.function.Supplier;

/**
 * Shown small pictures of what is drawn, made of latents alone by a linear map: they cost next to nothing, where the {@link
 * PreviewSink}'s cost the VAE's work. Its methods are called on the thread that generates, and must not wait.
 */
public interface LatentPreviewSink {
    /** For who wants none; nothing is computed for it. */
    LatentPreviewSink NONE = new LatentPreviewSink() {
        @Override
        public int wanted(int step, int steps) {
            return 0;
        }

        @Override
        public void accept(int step, Supplier<Frames> picture) {
            // None is wanted.
        }
    };

    /**
     * Asked at each step how many of its latent frames are wanted: 0 for none, 1 for the middle one, else so many between the
     * first and the last, or all where there are fewer.
     *
     * @param step that is being taken, from 1
     * @param steps how many there are
     */
    int wanted(int step, int steps);

    /**
     * Takes a step's picture, once the step is done.
     *
     * @param picture gives the frames, a pixel for each of the latents'; may be called by any thread, at any time
     */
    void accept(int step, Supplier<Frames> picture);
}
