package io.text2video.worker.video;

import io.text2video.worker.pipeline.Frames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A video and its poster in a temporary directory, which goes when this is closed. */
public final class EncodedVideo implements AutoCloseable {
    private final Path directory;
    private final Path mp4;
    private final Path poster;

    private EncodedVideo(Path directory) {
        this.directory = directory;
        mp4 = directory.resolve("video.mp4");
        poster = directory.resolve("poster.png");
    }

    /**
     * Encodes a video.
     *
     * @throws IOException when the encoder refuses or the disk is full; nothing is left behind then
     */
    public static EncodedVideo of(Frames frames, int fps) throws IOException {
        var video = new EncodedVideo(Files.createTempDirectory("text2video-"));
        boolean done = false;
        try {
            Mp4Encoder.encode(frames, fps, video.mp4);
            Poster.write(frames, video.poster);
            done = true;
            return video;
        } finally {
            if (!done) {
                video.close();
            }
        }
    }

    public Path mp4() {
        return mp4;
    }

    /** A PNG of the first frame. */
    public Path poster() {
        return poster;
    }

    /** Bytes of the MP4. */
    public long size() throws IOException {
        return Files.size(mp4);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(mp4);
        Files.deleteIfExists(poster);
        Files.deleteIfExists(directory);
    }
}
