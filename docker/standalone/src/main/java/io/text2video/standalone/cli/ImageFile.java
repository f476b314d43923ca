package io.text2video.standalone.cli;

import io.text2video.image.InputImage;
import io.text2video.image.InvalidImageException;
import io.text2video.worker.pipeline.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;

/** An image on the user's disk. */
final class ImageFile {
    private ImageFile() {}

    /** Its pixels. */
    static RgbImage pixels(Path file) throws IOException {
        return RgbImage.read(file);
    }

    /** Itself as a {@code data:} URL, once it is known to be an image. */
    static String dataUrl(Path file) throws IOException {
        byte[] bytes = InputImage.read(file);
        try {
            return "data:%s;base64,%s"
                    .formatted(
                            InputImage.inspect(bytes).format().mediaType(),
                            Base64.getEncoder().encodeToString(bytes));
        } catch (InvalidImageException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
