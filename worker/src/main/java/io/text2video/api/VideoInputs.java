package io.text2video.api;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.ModelLimits;
import io.text2video.common.model.Strength;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.RgbImage;
import io.text2video.worker.pipeline.VideoStart;
import io.text2video.worker.video.InputVideo;
import io.text2video.worker.video.InputVideo.Sampling;
import io.text2video.worker.video.InvalidVideoException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The image or video that a video is made from, in the words of this library; requests have others. */
final class VideoInputs {
    private static final String IMAGE = "image";
    private static final String VIDEO = "video";
    private static final String EXTEND = "extend";
    private static final String CONTROL = "control_video";
    private static final String STRENGTH = "strength";

    RgbImage image;
    Path video;
    Double strength;
    Path extended;
    Path control;

    /** Reads the file of an image. */
    static RgbImage image(Path file) {
        try {
            return RgbImage.read(file);
        } catch (IOException e) {
            throw new InvalidOptionException(IMAGE, IMAGE + ": " + e.getMessage(), e);
        }
    }

    /**
     * What is drawn.
     *
     * @param parameters without these inputs
     * @param counted whether the number of frames was said
     * @param between run before each frame of a file
     * @throws InvalidGenerationException when the model cannot draw from them
     * @throws InvalidOptionException when a file cannot be read
     */
    VideoStart.Drawn start(GenerationParameters parameters, boolean counted, ModelDescription model, Runnable between) {
        ModelLimits limits = model.limits();
        check(parameters.numInferenceSteps(), limits);
        if (video != null) {
            return read(VIDEO, video, VideoStart.edit(strength(), parameters, counted, limits), between);
        }
        if (extended != null) {
            return read(EXTEND, extended, VideoStart.extension(parameters, counted, limits), between);
        }
        if (control != null) {
            return read(CONTROL, control, VideoStart.control(parameters, counted, limits), between);
        }
        return new VideoStart.Drawn(image == null ? parameters : parameters.startingFrom(image), null);
    }

    private static VideoStart.Drawn read(String option, Path file, VideoStart start, Runnable between) {
        try {
            return start.of(InputVideo.decode(file, Sampling.of(start, between)));
        } catch (InvalidVideoException e) {
            throw new InvalidOptionException(option, "%s %s: %s".formatted(option, file, e.getMessage()), e);
        } catch (IOException e) {
            throw new InvalidOptionException(option, "%s: %s".formatted(option, e.getMessage()), e);
        }
    }

    private void check(int steps, ModelLimits limits) {
        List<String> given = Stream.of(
                        image == null ? null : IMAGE,
                        video == null ? null : VIDEO,
                        extended == null ? null : EXTEND,
                        control == null ? null : CONTROL)
                .filter(Objects::nonNull)
                .toList();
        if (given.size() > 1) {
            throw refuse(given.get(1), "and %s exclude each other: a video is made from one of them", given.get(0));
        }
        String needed = limits.controlRequired() ? CONTROL : limits.imageRequired() ? IMAGE : null;
        String makes = "this model makes a video from %s"
                .formatted(
                        limits.controlRequired()
                                ? "a control video and a prompt"
                                : limits.imageRequired() ? "an image and a prompt" : "a prompt, or from another video");
        if (given.isEmpty() && needed != null) {
            throw refuse(needed, "is missing: %s; name one", makes);
        }
        if (!given.isEmpty() && !isTaken(given.get(0), limits)) {
            throw refuse(given.get(0), "cannot be used: %s; leave it out, or load a model that takes one", makes);
        }
        if (strength != null && video == null) {
            throw refuse(STRENGTH, "is %s, but there is no video: it says how far from that the new one is", strength);
        }
        if (video != null) {
            Strength.check(strength(), steps);
        }
    }

    private static boolean isTaken(String input, ModelLimits limits) {
        return switch (input) {
            case CONTROL -> limits.controlRequired();
            case VIDEO -> !limits.controlRequired() && !limits.imageRequired();
            default -> limits.imageRequired();
        };
    }

    private double strength() {
        return strength == null ? Strength.DEFAULT : strength;
    }

    private static InvalidGenerationException refuse(String option, String reason, Object... values) {
        return new InvalidGenerationException(option, option + " " + reason.formatted(values));
    }
}
