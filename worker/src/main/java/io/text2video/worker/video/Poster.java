package io.text2video.worker.video;

import io.text2video.worker.pipeline.Frames;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** The first of some frames as a PNG, pixel for pixel. */
final class Poster {
    private Poster() {}

    static void write(Frames frames, Path file) throws IOException {
        var image = new BufferedImage(frames.width(), frames.height(), BufferedImage.TYPE_INT_RGB);
        byte[] rgb = frames.rgb();
        for (int y = 0, i = 0; y < frames.height(); y++) {
            for (int x = 0; x < frames.width(); x++, i += 3) {
                image.setRGB(x, y, ((rgb[i] & 0xff) << 16) | ((rgb[i + 1] & 0xff) << 8) | (rgb[i + 2] & 0xff));
            }
        }
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException("this Java runtime cannot write PNG");
        }
    }
}
