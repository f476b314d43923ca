package io.text2video.worker.pipeline;

import io.text2video.common.model.GenerationTooLargeException;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.ModelLimits;

/**
 * How a video is drawn that begins with the frames of another one: as an edit of it, as its extension, or along it. Whether
 * the model does that was checked before. Immutable; safe across threads.
 */
public final class VideoStart {
    private final Kind kind;
    private final double strength;
    private final GenerationParameters wanted;
    private final boolean counted;
    private final ModelLimits limits;

    private enum Kind {
        EDIT,
        EXTENSION,
        CONTROL
    }

    private VideoStart(Kind kind, double strength, GenerationParameters wanted, boolean counted, ModelLimits limits) {
        this.kind = kind;
        this.strength = strength;
        this.wanted = wanted;
        this.counted = counted;
        this.limits = limits;
    }

    /**
     * The other video's frames drawn anew. diffusers' {@code CogVideoXVideoToVideoPipeline}.
     *
     * @param strength as {@link SourceVideo#strength}
     * @param wanted the parameters without the other video
     * @param counted whether the video is to have exactly {@code wanted}'s frames; else it has no more than the other one
     */
    public static VideoStart edit(double strength, GenerationParameters wanted, boolean counted, ModelLimits limits) {
        return new VideoStart(Kind.EDIT, strength, wanted, counted, limits);
    }

    /**
     * The other video and what comes after its last frame.
     *
     * @param counted whether {@code wanted}'s frames are those of the whole, or about so many; else as many are drawn
     */
    public static VideoStart extension(GenerationParameters wanted, boolean counted, ModelLimits limits) {
        return new VideoStart(Kind.EXTENSION, 1, wanted, counted, limits);
    }

    /** A video along the frames of a control video. diffusers' {@code CogVideoXFunControlPipeline}. {@code counted} as of an edit. */
    public static VideoStart control(GenerationParameters wanted, boolean counted, ModelLimits limits) {
        return new VideoStart(Kind.CONTROL, 1, wanted, counted, limits);
    }

    /**
     * What is drawn, of another video or not.
     *
     * @param before the frames that the finished video begins with, the last of which is drawn again; null where all of it is
     *     drawn
     */
    public record Drawn(GenerationParameters parameters, Frames before) {
        /** How many frames the finished video has. */
        public int frames() {
            return before == null ? parameters.numFrames() : FrameCounts.total(before.count(), parameters.numFrames());
        }

        /** Whether it comes of another video. */
        public boolean isFromVideo() {
            return before != null || parameters.video() != null || parameters.control() != null;
        }

        /** The same with another prompt. */
        public Drawn withPrompt(String prompt) {
            return new Drawn(parameters.withPrompts(prompt, parameters.negativePrompt()), before);
        }

        /**
         * Where the drawn frames go.
         *
         * @param finished given the finished video's frames
         */
        public FrameSink into(FrameSink finished) {
            return before == null ? finished : new StitchedFrames(before, finished);
        }
    }

    /** Height and width of the other video's frames, and how many there are of a second: those of the video that is drawn. */
    public GenerationParameters wanted() {
        return wanted;
    }

    /** How many of the other video's frames are of use, from its first on. */
    public int mostFrames() {
        return kind == Kind.EXTENSION ? FrameCounts.MOST : wanted.numFrames();
    }

    /**
     * What is drawn.
     *
     * @param file the other video's frames, of the height, width and rate of {@link #wanted}, {@link #mostFrames} where it has
     *     so many
     * @throws InvalidGenerationException when they are too few or too many for what was asked for, or the model cannot draw so
     *     many
     */
    public Drawn of(Frames file) {
        return kind == Kind.EXTENSION ? extended(file) : edited(file);
    }

    private Drawn edited(Frames file) {
        Frames frames = FrameCounts.edited(file, wanted, limits.frameMultiple(), counted);
        checkFrames(frames.count());
        return new Drawn(
                kind == Kind.CONTROL ? wanted.along(frames) : wanted.startingFrom(new SourceVideo(frames, strength)),
                null);
    }

    private Drawn extended(Frames file) {
        int before = file.count();
        int drawn = counted
                ? FrameCounts.drawn(wanted.numFrames(), before, wanted.fps(), limits.frameMultiple())
                : wanted.numFrames();
        int total = FrameCounts.total(before, drawn);
        String sum = "the video has %s frames at %d a second, and %d are drawn from its last on"
                .formatted(before == FrameCounts.MOST ? before + " or more" : before, wanted.fps(), drawn);
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
        return new Drawn(wanted.withNumFrames(drawn).startingFrom(file.rgb(before - 1)), file);
    }

    private void checkFrames(int drawn) {
        limits.check(wanted.height(), wanted.width(), drawn, wanted.numInferenceSteps());
    }
}
