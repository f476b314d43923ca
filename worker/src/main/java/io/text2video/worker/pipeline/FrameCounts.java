package io.text2video.worker.pipeline;

import io.text2video.common.model.InvalidGenerationException;

/**
 * How many frames there are of a video that is made from another one, or that goes on with one. Frames beyond the first are
 * drawn in multiples.
 */
final class FrameCounts {
    /** The most frames of a finished video, those that were not drawn among them. */
    static final int MOST = GenerationRules.MOST_FRAMES;

    private FrameCounts() {}

    /**
     * The frames that a video is made from: as many of the file's first ones as can be drawn.
     *
     * @param file the file's frames, at the rate of the video that is made
     * @param wanted with the number of frames that are taken at most
     * @param exactly whether it is that number or none
     * @throws InvalidGenerationException when it is, and the file has fewer
     */
    static Frames edited(Frames file, GenerationParameters wanted, int frameMultiple, boolean exactly) {
        int most = Math.min(file.count(), wanted.numFrames());
        int fit = (most - 1) / frameMultiple * frameMultiple + 1;
        if (exactly && fit < wanted.numFrames()) {
            throw new InvalidGenerationException(
                    "num_frames",
                    "num_frames is %d, but the video has %d frames at %d a second; %d would fit"
                            .formatted(wanted.numFrames(), file.count(), wanted.fps(), fit));
        }
        return fit == file.count() ? file : file.first(fit);
    }

    /**
     * How many frames are drawn of a video that goes on with another one, the other one's last among them: what comes nearest
     * to the total that is wanted, and adds something.
     *
     * @param total frames of the finished video
     * @param before frames of the other one, at {@code fps} a second
     * @throws InvalidGenerationException when those are as many already
     */
    static int drawn(int total, int before, int fps, int frameMultiple) {
        if (total <= before) {
            throw new InvalidGenerationException(
                    "num_frames",
                    "num_frames is %d, but the video already has %d frames at %d a second; ask for more"
                            .formatted(total, before, fps));
        }
        return Math.max(1, (total - before + frameMultiple / 2) / frameMultiple) * frameMultiple + 1;
    }

    /** Frames of the finished video: the first one that is drawn shows the other video's last. */
    static int total(int before, int drawn) {
        return before + drawn - 1;
    }
}
