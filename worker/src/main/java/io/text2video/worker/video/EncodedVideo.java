package io.text2video.worker.video;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A video and its poster in a temporary directory, which goes when this is closed. */
public final class EncodedVideo implements AutoCloseable {
    private final VideoFiles files;
    private final int frames;
    private final int height;
    private final int width;
    private final Duration encoding;

    EncodedVideo(VideoFiles files, int frames, int height, int width, Duration encoding) {
        this.files = files;
        this.frames = frames;
        this.height = height;
        this.width = width;
        this.encoding = encoding;
    }

    public Path mp4() {
        return files.mp4();
    }

    /** A PNG of the first frame. */
    public Path poster() {
        return files.poster();
    }

    /** Bytes of the MP4. */
    public long size() throws IOException {
        return Files.size(mp4());
    }

    /** How many. */
    public int frames() {
        return frames;
    }

    public int height() {
        return height;
    }

    public int width() {
        return width;
    }

    /** How long the encoder worked on it, most of it beside the decoding of later frames. */
    public Duration encoding() {
        return encoding;
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
