package io.text2video.standalone.cli;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.Strength;
import io.text2video.worker.pipeline.FrameCounts;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.SourceVideo;
import io.text2video.worker.video.InputVideo;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** A video on the user's disk that another one starts from, its last frame or all of it, or is drawn along. */
final class VideoFileOptions {
    @Option(
            names = "--extend",
            paramLabel = "FILE",
            description = "Go on where a video ends: MP4, MOV, WebM, Matroska, AVI or GIF. With --direct, for"
                    + " image-to-video models; --frames counts what is drawn, from the video's last frame on.")
    Path extended;

    @Option(
            names = "--video",
            paramLabel = "FILE",
            description = "Make the video from another one, of the same formats. With --direct, for text-to-video"
                    + " models. Without --frames no more than the file has.")
    Path source;

    @Option(
            names = "--strength",
            paramLabel = "S",
            description = "How far from --video, above 0, to 1: that share of the steps is taken. Default: 0.8.")
    Double strength;

    @Option(
            names = "--control-video",
            paramLabel = "FILE",
            description = "Draw along a video of poses, edges or the like, of the same formats. With --direct, for"
                    + " CogVideoX Fun Control models, which need one. Without --frames no more than the file has.")
    Path control;

    /** @throws ParameterException where they do not go with each other or with what else is asked for */
    void checkUsage(boolean direct, boolean image, CommandSpec spec) {
        if (extended != null && !direct) {
            throw new ParameterException(spec.commandLine(), "--extend needs --direct: no fleet extends videos");
        }
        if (source != null && !direct) {
            throw new ParameterException(
                    spec.commandLine(), "--video needs --direct: no fleet makes videos from other ones");
        }
        if (control != null && !direct) {
            throw new ParameterException(
                    spec.commandLine(), "--control-video needs --direct: no fleet takes control videos");
        }
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

    /** @throws IOException naming a file that is not there or is no video */
    void requireReadable() throws IOException {
        for (Path file : new Path[] {extended, source, control}) {
            if (file != null) {
                VideoOnDisk.requireReadable(file);
            }
        }
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

    /** All frames of the video that is gone on with, as the one is that is drawn. */
    Frames before(GenerationParameters parameters) throws IOException {
        return VideoOnDisk.frames(extended, parameters, InputVideo.MAX_FRAMES);
    }

    /**
     * What the video is made from.
     *
     * @param frameMultiple frames beyond the first come in these
     * @param exactly whether it is to be of as many frames as there are to draw; else of those of them that the file has
     * @throws InvalidGenerationException when the file has too few
     */
    SourceVideo source(GenerationParameters parameters, int frameMultiple, boolean exactly) throws IOException {
        return new SourceVideo(first(source, parameters, frameMultiple, exactly), strength());
    }

    /** What the video is drawn along; the same of the control video. */
    Frames control(GenerationParameters parameters, int frameMultiple, boolean exactly) throws IOException {
        return first(control, parameters, frameMultiple, exactly);
    }

    private static Frames first(Path file, GenerationParameters parameters, int frameMultiple, boolean exactly)
            throws IOException {
        Frames frames = VideoOnDisk.frames(file, parameters, parameters.numFrames());
        return FrameCounts.edited(frames, parameters, frameMultiple, exactly);
    }

    private double strength() {
        return strength == null ? Strength.DEFAULT : strength;
    }
}
