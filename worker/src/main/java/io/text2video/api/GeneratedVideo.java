package io.text2video.api;

import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.video.EncodedVideo;
import io.text2video.worker.video.VideoEncoder;
import io.text2video.worker.video.VideoEncodingException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** A finished video. Its pixels are on the heap, 3 bytes each: 50 MB of CogVideoX-2b. Immutable; safe across threads. */
public final class GeneratedVideo {
    private static final String ENDING = ".mp4";

    private final GenerationParameters parameters;
    private final Frames frames;
    private final Generation generation;
    private final Optional<String> recipe;

    /** @param recipe for its file; empty for none */
    GeneratedVideo(GenerationParameters parameters, Frames frames, Generation generation, Optional<String> recipe) {
        this.parameters = parameters;
        this.frames = frames;
        this.generation = generation;
        this.recipe = recipe;
    }

    /** Its frames in order, each a copy. */
    public List<BufferedImage> frames() {
        return IntStream.range(0, frames.count()).mapToObj(frames::image).toList();
    }

    /**
     * Writes it as H.264 in an MP4 that every browser plays. A file that is there is replaced.
     *
     * @param file whose name ends in {@code .mp4}
     * @return the file
     * @throws IllegalArgumentException when its name ends otherwise
     * @throws IOException when it cannot be encoded or written
     */
    public Path save(Path file) throws IOException {
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(ENDING)) {
            throw new IllegalArgumentException(
                    "%s does not end in %s, and a video is written as MP4; for other formats take frames()"
                            .formatted(file, ENDING));
        }
        try (EncodedVideo encoded = encode()) {
            return Files.copy(encoded.mp4(), file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * The same as bytes.
     *
     * @throws IOException when it cannot be encoded
     */
    public byte[] mp4() throws IOException {
        try (EncodedVideo encoded = encode()) {
            return Files.readAllBytes(encoded.mp4());
        }
    }

    private EncodedVideo encode() throws IOException {
        try (var encoder = new VideoEncoder(parameters.fps(), recipe)) {
            encoder.accept(frames);
            return encoder.finish();
        } catch (VideoEncodingException e) {
            throw new IOException("the video cannot be encoded: " + e.getMessage(), e);
        }
    }

    /** What was to be drawn. */
    public String prompt() {
        return parameters.prompt();
    }

    /** The seed that it was drawn with, to draw it again. */
    public long seed() {
        return parameters.seed();
    }

    /** How many. */
    public int numFrames() {
        return frames.count();
    }

    /** Pixels. */
    public int height() {
        return frames.height();
    }

    /** Pixels. */
    public int width() {
        return frames.width();
    }

    /** Frames per second. */
    public int fps() {
        return parameters.fps();
    }

    /** How many denoising steps it took. */
    public int numInferenceSteps() {
        return parameters.numInferenceSteps();
    }

    /** With which guidance. */
    public double guidanceScale() {
        return parameters.guidanceScale();
    }

    /** How many of the steps used the transformer's earlier work again ({@link VideoOptions#cacheThreshold}). */
    public int reusedSteps() {
        return generation.reusedSteps();
    }

    /** How long the prompt's encoding took; next to nothing where it was encoded before. */
    public Duration textEncodingTime() {
        return generation.textEncoding();
    }

    /** How long all steps took, with their previews. */
    public Duration denoisingTime() {
        return generation.denoising();
    }

    /** How long the decoding of all frames took. */
    public Duration decodingTime() {
        return generation.decoding();
    }
}
