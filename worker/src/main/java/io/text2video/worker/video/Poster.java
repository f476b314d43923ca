package io.text2video.worker.video;

import io.text2video.worker.pipeline.Frames;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** The first of some frames as a PNG, pixel for pixel. */
final class Poster {
    private Poster() {}

    static void write(Frames frames, Path file) throws IOException {
        if (!ImageIO.write(frames.image(0), "png", file.toFile())) {
            throw new IOException("this Java runtime cannot write PNG");
        }
    }
}
