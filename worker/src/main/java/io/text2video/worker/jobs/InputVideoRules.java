package io.text2video.worker.jobs;

import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.ModelLimits;
import io.text2video.common.model.Strength;
import io.text2video.worker.pipeline.GenerationParameters;

/** Whether a model makes of a video what a request wants of it, in the words of the request. Nothing is fetched for it. */
final class InputVideoRules {
    private static final String FIELD = InputVideoReader.FIELD;

    private InputVideoRules() {}

    /**
     * Checks a request that names a video.
     *
     * @throws InvalidGenerationException when it cannot be served
     */
    static void check(VideoRequest request, GenerationParameters wanted, ModelLimits limits) {
        VideoReference video = request.inputVideo();
        if (request.inputReference() != null) {
            throw refuse("and input_reference exclude each other: a video is made from one of them");
        }
        switch (video.operationOrDefault()) {
            case EDIT -> checkEdit(video, wanted.numInferenceSteps(), limits);
            case EXTEND -> checkExtension(video, request.parameters().numFrames(), limits);
            case CONTROL -> checkControl(video, limits);
        }
    }

    private static void checkEdit(VideoReference video, int steps, ModelLimits limits) {
        if (limits.controlRequired()) {
            throw refuse(
                    "cannot be edited: this model draws along a control video; send it with the operation control");
        }
        if (limits.imageRequired()) {
            throw refuse("cannot be edited: this model makes a video from an image and a prompt; a text-to-video model"
                    + " takes one");
        }
        try {
            Strength.check(video.strengthOrDefault(), steps);
        } catch (InvalidGenerationException e) {
            throw new InvalidGenerationException(FIELD + ".strength", "%s.%s".formatted(FIELD, e.getMessage()));
        }
    }

    private static void checkExtension(VideoReference video, Integer numFrames, ModelLimits limits) {
        if (!limits.imageRequired()) {
            throw refuse("cannot be extended: this model makes a video from a prompt alone; an image-to-video model"
                    + " goes on with one");
        }
        refuseStrength(video, "an extension");
        if (numFrames != null && numFrames < 2) {
            throw new InvalidGenerationException(
                    "num_frames", "num_frames is 1, but the video already has as many; ask for more");
        }
    }

    private static void checkControl(VideoReference video, ModelLimits limits) {
        if (!limits.controlRequired()) {
            throw refuse(
                    "cannot be a control video: this model draws along no other video; one of CogVideoX Fun Control"
                            + " takes one");
        }
        refuseStrength(video, "a control video");
    }

    private static void refuseStrength(VideoReference video, String what) {
        if (video.strength() != null) {
            throw new InvalidGenerationException(
                    FIELD + ".strength",
                    "%s.strength is %s, but %s has none: it says how far an edit is from its video"
                            .formatted(FIELD, video.strength(), what));
        }
    }

    private static InvalidGenerationException refuse(String reason) {
        return new InvalidGenerationException(FIELD, "%s %s".formatted(FIELD, reason));
    }
}
