package io.text2video.worker.video;

import io.text2video.common.job.VideoReference;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.RgbImage;
import io.text2video.worker.pipeline.VideoStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Checks and decodes the video that another one is made from: MP4 or MOV, WebM or Matroska, AVI or GIF.
 *
 * <p>Whatever the file holds, the end is a result or an {@link InvalidVideoException}, within the limits of this class.
 * Nothing but the file is read: neither playlists nor references to other files are followed. Safe for use by several
 * threads.
 */
public final class InputVideo {
    /** The largest file, in bytes. */
    public static final long MAX_BYTES = VideoReference.MAX_BYTES;

    /** The longest video, in seconds. */
    public static final int MAX_SECONDS = 60;

    /** The most frames of a file: as many as in the longest video at 60 a second. */
    public static final int MAX_FRAMES = 60 * MAX_SECONDS;

    /** The longest side, in pixels. */
    public static final int MAX_SIDE = 4096;

    /** The most pixels of one frame. */
    public static final int MAX_PIXELS = 4096 * 2304;

    /** The most bytes of all frames that are kept. */
    static final long MAX_KEPT_BYTES = 1L << 30;

    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private InputVideo() {}

    /**
     * What is wanted of a video.
     *
     * @param fps frames a second of the result, whatever the file has
     * @param maxFrames how many frames at most; what comes after them is not decoded
     * @param prepare what is done with each frame that is kept, such as {@code frame -> frame.resized(480, 720)}. All must
     *     come out of one size
     * @param between is called before each of the file's frames; what it throws ends the decoding
     */
    public record Sampling(int fps, int maxFrames, UnaryOperator<RgbImage> prepare, Runnable between) {
        public Sampling {
            if (fps < 1 || maxFrames < 1) {
                throw new IllegalArgumentException("%d frames at %d fps cannot be taken".formatted(maxFrames, fps));
            }
        }

        /** The frames that a video starts with. */
        public static Sampling of(VideoStart start, Runnable between) {
            GenerationParameters wanted = start.wanted();
            return new Sampling(
                    wanted.fps(), start.mostFrames(), frame -> frame.resized(wanted.height(), wanted.width()), between);
        }

        /** Frames as they are in the file. */
        public static Sampling of(int fps, int maxFrames) {
            return new Sampling(fps, maxFrames, frame -> frame, () -> {});
        }
    }

    /**
     * Decodes a video, from its first frame on. Frame i of the result is the one of the file that is nearest to i / fps
     * seconds after the first; there are as many as the file lasts. Frames are turned upright as the file says. Pixels
     * count as square.
     *
     * @param file its name does not matter
     * @throws InvalidVideoException if the file is too large, of another format or codec, too long, of a size beyond the
     *     limits, if it is damaged or incomplete, or takes minutes to decode
     * @throws IOException if there is no such file
     */
    public static Frames decode(Path file, Sampling sampling) throws InvalidVideoException, IOException {
        return decode(file, sampling, DEADLINE);
    }

    /**
     * The file's tag {@code comment}. Reads no more than the header.
     *
     * @param file of any size
     * @throws InvalidVideoException if it is no file that {@link #decode} reads, by its format
     * @throws IOException if there is no such file
     */
    public static Optional<String> comment(Path file) throws InvalidVideoException, IOException {
        requireFile(file);
        return VideoStream.comment(file, DEADLINE);
    }

    private static void requireFile(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("no such video: " + file);
        }
    }

    static Frames decode(Path file, Sampling sampling, Duration deadline) throws InvalidVideoException, IOException {
        requireFile(file);
        long bytes = Files.size(file);
        if (bytes > MAX_BYTES) {
            throw new InvalidVideoException(
                    "the video has %d bytes; at most %d (64 MiB) are taken: cut it or encode it smaller"
                            .formatted(bytes, MAX_BYTES));
        }
        try (var stream = VideoStream.open(file, deadline)) {
            var frames = new FrameSampler(sampling);
            while (!frames.isComplete() && stream.next()) {
                sampling.between().run();
                frames.add(stream.microseconds(), stream.durationMicroseconds(), stream::image);
            }
            return frames.end();
        } catch (OutOfMemoryError e) {
            throw new InvalidVideoException(
                    "the video's frames take more memory than there is; send a shorter or smaller one");
        }
    }
}
