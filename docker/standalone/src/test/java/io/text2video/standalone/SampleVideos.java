package io.text2video.standalone;

import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.video.VideoEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Videos as a worker makes them, 8 frames a second. */
public final class SampleVideos {
    private SampleVideos() {}

    /** In place of what is there. */
    public static Path write(Path file, Frames frames) throws IOException {
        try (var encoder = new VideoEncoder(8)) {
            encoder.accept(frames);
            try (var encoded = encoder.finish()) {
                return Files.copy(encoded.mp4(), file, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
