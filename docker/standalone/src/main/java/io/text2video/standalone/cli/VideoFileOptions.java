package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.ModelLimits;
import io.text2video.common.model.Strength;
import io.text2video.standalone.client.GatewayClient;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.VideoStart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A video on the user's disk that another one starts from, its last frame or all of it, or is drawn along. */
final class VideoFileOptions {
    /** A form's, for the file that a fleet makes a video from. */
    private static final String FIELD = "video";

    /** MiB that a gateway takes in a form. */
    private static final int MOST_SENT = 32;

    /** The same, beside a prompt alone. */
    private static final int MOST_CONTROL = 10;

    @Option(
            names = "--extend",
            paramLabel = "FILE",
            description =
                    "Go on where a video ends: MP4, MOV, WebM, Matroska, AVI or GIF, of at most 64 MiB, 32 MiB where it is"
                            + " sent to a fleet. For image-to-video models. --frames counts the whole, FILE's among them;"
                            + " without, as many are drawn as the model draws.")
    Path extended;

    @Option(
            names = "--video",
            paramLabel = "FILE",
            description =
                    "Make the video from another one, of the same formats and size. For text-to-video models. Without"
                            + " --frames no more than the file has.")
    Path source;

    @Option(
            names = "--strength",
            paramLabel = "S",
            description = "How far from --video, above 0, to 1: that share of the steps is taken. Default: 0.8.")
    Double strength;

    @Option(
            names = "--control-video",
            paramLabel = "FILE",
            description =
                    "Draw along a video of poses, edges or the like, of the same formats, of at most 64 MiB, 10 MiB"
                            + " where it is sent to a fleet. For CogVideoX Fun Control models, which need one. Without --frames no more than the"
                            + " file has.")
    Path control;

    /** @throws ParameterException where they do not go with each other or with what else is asked for */
    void checkUsage(boolean image, CommandSpec spec) {
        if (extended != null && image) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--image and --extend exclude each other: it starts from the video's last frame");
        }
        if (source != null && (image || extended != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s and --video exclude each other: a video is made from one of them"
                            .formatted(image ? "--image" : "--extend"));
        }
        if (control != null && (image || extended != null || source != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s and --control-video exclude each other: a video along another one starts from noise"
                            .formatted(image ? "--image" : extended != null ? "--extend" : "--video"));
        }
        if (strength != null && source == null) {
            throw new ParameterException(
                    spec.commandLine(), "--strength needs --video: it says how far from that the video is");
        }
    }

    /**
     * Checks that no line of a file of requests is to have them.
     *
     * @throws ParameterException where one is given
     */
    void checkBatchUsage(CommandSpec spec) {
        String given = extended != null ? "--extend" : source != null ? "--video" : "--control-video";
        if (isGiven()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s and --file exclude each other: a line names a video by its key in the bucket".formatted(given));
        }
    }

    /**
     * Looks at the files.
     *
     * @param direct whether they stay here, and go to no fleet
     * @throws IOException naming a file that is not there, is no video, or is larger than is taken
     */
    void requireReadable(boolean direct) throws IOException {
        for (Path file : new Path[] {extended, source, control}) {
            if (file != null) {
                if (!direct) {
                    VideoOnDisk.requireSendable(file, file == control ? MOST_CONTROL : MOST_SENT);
                }
                VideoOnDisk.requireReadable(file);
            }
        }
    }

    /** Says what is said of them under the names that {@code POST /v1/videos} knows. */
    void addTo(Map<String, Object> request) {
        if (strength != null) {
            request.put("strength", strength);
        }
    }

    /**
     * Submits a job, with its video where it has one.
     *
     * @return the Video object
     */
    JsonNode submit(GatewayClient client, Map<String, Object> request, StageDisplay stages)
            throws IOException, InterruptedException {
        if (!isGiven()) {
            return client.create(request);
        }
        stages.stage("upload");
        return control != null
                ? client.create("", request, "control_video", control)
                : extended != null
                        ? client.create("/extensions", request, FIELD, extended)
                        : client.create("/edits", request, FIELD, source);
    }

    /**
     * Checks them against the model.
     *
     * @param image whether the video starts from an image file
     * @throws InvalidGenerationException where the model makes no video from such a video, or cannot without a control video
     */
    void requireServed(ModelDescription model, boolean image) {
        model.limits().checkControl(control != null, image || extended != null, source != null);
        if (source != null) {
            model.limits().checkVideo();
        }
        if (extended != null) {
            model.limits().checkExtension();
        }
    }

    /**
     * How many frames are drawn at least, whatever the file has.
     *
     * @param asked of the finished video; null for the model's own number
     */
    int leastFrames(Integer asked, ModelDescription model) {
        if (extended != null && asked != null) {
            return model.limits().frameMultiple() + 1;
        }
        if (asked == null && (source != null || control != null)) {
            return 1;
        }
        return asked == null ? model.defaults().numFrames() : asked;
    }

    /**
     * Checks the strength.
     *
     * @param steps of which a part is taken
     * @throws InvalidGenerationException when it is out of its range or leaves no step
     */
    void requireStrength(int steps) {
        if (source != null) {
            Strength.check(strength(), steps);
        }
    }

    /**
     * What is drawn.
     *
     * @param parameters of what is asked for, the file aside
     * @param counted whether the number of frames was asked for
     * @throws InvalidGenerationException when the file has too few frames for it, or too many
     * @throws IOException naming a file that cannot be read
     */
    VideoStart.Drawn start(GenerationParameters parameters, boolean counted, ModelLimits limits) throws IOException {
        if (extended != null) {
            return VideoOnDisk.start(extended, VideoStart.extension(parameters, counted, limits));
        }
        if (source != null) {
            return VideoOnDisk.start(source, VideoStart.edit(strength(), parameters, counted, limits));
        }
        return control == null
                ? new VideoStart.Drawn(parameters, null)
                : VideoOnDisk.start(control, VideoStart.control(parameters, counted, limits));
    }

    /** Whether there is any of them. */
    boolean isGiven() {
        return extended != null || source != null || control != null;
    }

    private double strength() {
        return strength == null ? Strength.DEFAULT : strength;
    }
}
