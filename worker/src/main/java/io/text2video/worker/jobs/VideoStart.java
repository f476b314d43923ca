package io.text2video.worker.jobs;

import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.GenerationSize;
import io.text2video.common.model.GenerationTooLargeException;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.ModelLimits;
import io.text2video.common.model.Strength;
import io.text2video.worker.pipeline.FrameCounts;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.SourceVideo;

/**
 * What is drawn of a request that names a video: first what is known without the file, then what its frames make of it.
 *
 * @param wanted the request's parameters: their number of frames is that of the finished video, where it was asked for
 */
record VideoStart(VideoRequest request, GenerationParameters wanted, ModelLimits limits) {
    private static final String FIELD = InputVideoReader.FIELD;

    /**
     * Checks whether the model takes a video, and what is said of it.
     *
     * @throws InvalidGenerationException when it does not, or that cannot be served
     */
    void check() {
        if (request.inputReference() != null) {
            throw refuse("and input_reference exclude each other: a video is made from one of them");
        }
        if (isControl()) {
            checkControl();
        } else if (isExtension()) {
            checkExtension();
        } else if (limits.controlRequired()) {
            throw refuse(
                    "cannot be edited: this model draws along a control video; send it with the operation control");
        } else if (limits.imageRequired()) {
            throw refuse("cannot be edited: this model makes a video from an image and a prompt; a text-to-video model"
                    + " takes one");
        } else {
            checkStrength();
        }
    }

    private void checkControl() {
        if (!limits.controlRequired()) {
            throw refuse(
                    "cannot be a control video: this model draws along no other video; one of CogVideoX Fun Control"
                            + " takes one");
        }
        refuseStrength("a control video");
    }

    private void refuseStrength(String what) {
        if (video().strength() != null) {
            throw new InvalidGenerationException(
                    FIELD + ".strength",
                    "%s.strength is %s, but %s has none: it says how far an edit is from its video"
                            .formatted(FIELD, video().strength(), what));
        }
    }

    private void checkExtension() {
        if (!limits.imageRequired()) {
            throw refuse("cannot be extended: this model makes a video from a prompt alone; an image-to-video model"
                    + " goes on with one");
        }
        refuseStrength("an extension");
        if (isCounted() && wanted.numFrames() < 2) {
            throw new InvalidGenerationException(
                    "num_frames", "num_frames is 1, but the video already has as many; ask for more");
        }
    }

    private void checkStrength() {
        try {
            Strength.check(video().strengthOrDefault(), wanted.numInferenceSteps());
        } catch (InvalidGenerationException e) {
            throw new InvalidGenerationException(FIELD + ".strength", "%s.%s".formatted(FIELD, e.getMessage()));
        }
    }

    /** What is drawn at least, whatever the file has. */
    GenerationSize least() {
        return video().least(wanted.size(), isCounted(), limits);
    }

    /** How many of the file's frames are of use. */
    int mostFrames() {
        return isExtension() ? FrameCounts.MOST : wanted.numFrames();
    }

    /** The frames that the finished video begins with; null where all of it is drawn. */
    Frames before(Frames file) {
        return isExtension() ? file : null;
    }

    /**
     * What is drawn.
     *
     * @param file its first frames, of the video's height and width, {@link #mostFrames} where it has so many
     * @throws InvalidGenerationException when they are too few or too many for what was asked for, or the model cannot draw so
     *     many
     */
    GenerationParameters of(Frames file) {
        return isExtension() ? extension(file) : edit(file);
    }

    private GenerationParameters edit(Frames file) {
        Frames frames = FrameCounts.edited(file, wanted, limits.frameMultiple(), isCounted());
        checkFrames(frames.count());
        return isControl()
                ? wanted.along(frames)
                : wanted.startingFrom(new SourceVideo(frames, video().strengthOrDefault()));
    }

    private GenerationParameters extension(Frames file) {
        int before = file.count();
        if (before == FrameCounts.MOST) {
            throw refuse(
                    "has %d frames or more at %d a second, but a video may have no more, the new ones among them; cut it"
                            .formatted(before, wanted.fps()));
        }
        int drawn = isCounted()
                ? FrameCounts.drawn(wanted.numFrames(), before, wanted.fps(), limits.frameMultiple())
                : wanted.numFrames();
        int total = FrameCounts.total(before, drawn);
        String sum = "the video has %d frames at %d a second, and %d are drawn from its last on"
                .formatted(before, wanted.fps(), drawn);
        if (total > FrameCounts.MOST) {
            throw new InvalidGenerationException(
                    "num_frames",
                    "num_frames would be %d, but must be at most %d: %s".formatted(total, FrameCounts.MOST, sum));
        }
        try {
            checkFrames(drawn);
        } catch (GenerationTooLargeException e) {
            throw new GenerationTooLargeException(e.field(), "%s: %s".formatted(sum, e.getMessage()));
        }
        return wanted.withNumFrames(drawn).startingFrom(file.rgb(before - 1));
    }

    private void checkFrames(int drawn) {
        limits.check(wanted.height(), wanted.width(), drawn, wanted.numInferenceSteps());
    }

    private boolean isControl() {
        return video().operation() == VideoReference.Operation.CONTROL;
    }

    private boolean isExtension() {
        return video().extend();
    }

    /** Whether the number of frames was asked for; else it is the model's own. */
    private boolean isCounted() {
        return request.parameters().numFrames() != null;
    }

    private VideoReference video() {
        return request.inputVideo();
    }

    private static InvalidGenerationException refuse(String reason) {
        return new InvalidGenerationException(FIELD, "%s %s".formatted(FIELD, reason));
    }
}
