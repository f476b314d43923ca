package io.text2video.standalone.cli;

import io.text2video.image.DecodedImage;
import io.text2video.image.InputImage;
import io.text2video.image.InvalidImageException;
import io.text2video.worker.pipeline.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** An image on the user's disk. */
final class ImageFile {
    private ImageFile() {}

    /** Its pixels. */
    static RgbImage pixels(Path file) throws IOException {
        try {
            DecodedImage image = InputImage.decode(read(file));
            return new RgbImage(image.height(), image.width(), image.rgb());
        } catch (InvalidImageException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Itself as a {@code data:} URL, once it is known to be an image. */
    static String dataUrl(Path file) throws IOException {
        byte[] bytes = read(file);
        try {
            return "data:%s;base64,%s"
                    .formatted(
                            InputImage.inspect(bytes).format().mediaType(),
                            Base64.getEncoder().encodeToString(bytes));
        } catch (InvalidImageException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("no such image: " + file);
        }
        if (Files.size(file) > InputImage.MAX_BYTES) {
            throw new IOException(
                    "%s has %d bytes; an image may have %d".formatted(file, Files.size(file), InputImage.MAX_BYTES));
        }
        return Files.readAllBytes(file);
    }
}
