package io.text2video.worker.plan;

import io.text2video.common.model.ModelLimits;
import java.util.function.IntPredicate;

/**
 * The largest videos that a plan finds memory for, as limits that need no plan to be checked. They refuse nothing that a plan
 * admits, so they are those of the videos that take the least: without guidance, LoRAs or reused steps, square, and for their
 * pixels with as many frames as there may be, as decoding goes by a frame's pixels and the frames fill whole latent ones.
 */
public final class LargestVideo {
    private final MemoryPlanner planner;
    private final ModelLimits limits;

    /** @param limits whose own largest video is not exceeded */
    public LargestVideo(MemoryPlanner planner, ModelLimits limits) {
        this.planner = planner;
        this.limits = limits;
    }

    /** The limits, and beside them those of memory. Where not even the smallest video fits, each job's plan says so. */
    public ModelLimits limits() {
        int sizes = sizes();
        int ofOneFrame = fitting(sizes, size -> fits(size, 0));
        if (ofOneFrame == 0) {
            return limits;
        }
        int most = (limits.maxFrames() - 1) / limits.frameMultiple();
        int ofMostFrames = fitting(sizes, size -> fits(size, most));
        Long videoPixels = null;
        if (ofMostFrames == 0) {
            int latents = fitting(most + 1, frames -> fits(0, frames));
            videoPixels = pixels(0) * frames(latents) - 1;
        } else if (ofMostFrames < sizes) {
            videoPixels = pixels(ofMostFrames) * frames(most) - 1;
        }
        int pixels = ofOneFrame < sizes ? (int) pixels(ofOneFrame) - 1 : limits.maxPixels();
        return limits.inMemory(pixels, videoPixels);
    }

    private boolean fits(int size, int multiples) {
        try {
            int frames = frames(multiples);
            planner.plan(
                    new PlannedVideo(height(size), width(size), frames, false, limits.encodedFrames(frames), false, 0));
            return true;
        } catch (InsufficientMemoryException e) {
            return false;
        }
    }

    /** How many sizes there are from the smallest on, each a step higher or wider than the one before. */
    private int sizes() {
        int size = 1;
        while (pixels(size) <= limits.maxPixels() && pixels(size) > pixels(size - 1)) {
            size++;
        }
        return size;
    }

    private int height(int size) {
        return Math.min(limits.maxHeight(), limits.minHeight() + size / 2 * limits.sizeMultiple());
    }

    private int width(int size) {
        return Math.min(limits.maxWidth(), limits.minWidth() + (size + 1) / 2 * limits.sizeMultiple());
    }

    private long pixels(int size) {
        return (long) height(size) * width(size);
    }

    private int frames(int multiples) {
        return multiples * limits.frameMultiple() + 1;
    }

    /** How many of the numbers from 0 to below a bound fit, where no larger one does than one that does not. */
    private static int fitting(int bound, IntPredicate fits) {
        int less = 0;
        int more = bound;
        while (less < more) {
            int middle = (less + more) / 2;
            if (fits.test(middle)) {
                less = middle + 1;
            } else {
                more = middle;
            }
        }
        return less;
    }
}
