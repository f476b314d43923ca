package io.text2video.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageReader;

/**
 * Checks and decodes the image that a video starts from: PNG, JPEG or WebP, not animated.
 *
 * <p>Whatever the bytes are, the end is a result or an {@link InvalidImageException}. Safe for use by several threads.
 */
public final class InputImage {
    /** The largest file, in bytes. */
    public static final int MAX_BYTES = 10 * 1024 * 1024;

    /** The longest side, in pixels. */
    public static final int MAX_SIDE = 16_384;

    /** The most pixels; decoding takes up to 12 bytes for each. */
    public static final int MAX_PIXELS = 50_000_000;

    private InputImage() {}

    /**
     * Reads a file that may be an image.
     *
     * @throws IOException naming a file that is not there or is too large
     */
    public static byte[] read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("no such image: " + file);
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("%s has %d bytes; an image may have %d".formatted(file, Files.size(file), MAX_BYTES));
        }
        return Files.readAllBytes(file);
    }

    /**
     * Reads the header and checks it against the limits. Decodes no pixels and allocates nothing by their number.
     *
     * @throws InvalidImageException if the file is too large, of another format, animated, of a size beyond the limits,
     *     or if its header is damaged
     */
    public static ImageHeader inspect(byte[] file) throws InvalidImageException {
        return header(file, Segments.of(checkedFormat(file), file));
    }

    /**
     * Decodes the image as diffusers' {@code load_image} does: turned upright by its EXIF orientation, alpha dropped
     * without blending, grayscale repeated, palette looked up, colour profiles left alone. Grayscale of 16 bits is cut
     * off at 255 as Pillow does it, so a full-range one comes out white; colours of 16 bits keep their high byte.
     *
     * @throws InvalidImageException as {@link #inspect} does, and if the pixels are damaged or incomplete
     */
    public static DecodedImage decode(byte[] file) throws InvalidImageException {
        ImageFormat format = checkedFormat(file);
        Segments segments = Segments.of(format, file);
        ImageHeader header = header(file, segments);
        try {
            return segments.orientation()
                    .apply(
                            switch (format) {
                                case PNG, WEBP -> RasterPixels.read(format, file, header);
                                case JPEG -> JpegPixels.read(file, header, segments.jpegColors());
                            });
        } catch (IOException | RuntimeException failure) {
            throw damaged(format, failure);
        } catch (OutOfMemoryError failure) {
            throw new InvalidImageException(
                    "the image of %dx%d takes more memory than there is; send a smaller one"
                            .formatted(header.width(), header.height()),
                    failure);
        }
    }

    private static ImageFormat checkedFormat(byte[] file) throws InvalidImageException {
        if (file.length > MAX_BYTES) {
            throw new InvalidImageException(
                    "the image has %d bytes; at most %d (10 MB) are taken: shrink it, the video is smaller anyway"
                            .formatted(file.length, MAX_BYTES));
        }
        return ImageFormat.of(file);
    }

    private static ImageHeader header(byte[] file, Segments segments) throws InvalidImageException {
        ImageFormat format = segments.format();
        if (segments.animated()) {
            throw new InvalidImageException(
                    "the %s image is animated; a video starts from one picture: save the frame you want by itself"
                            .formatted(format));
        }
        if (format == ImageFormat.WEBP) {
            return checked(segments.webpHeader());
        }
        ImageReader reader = null;
        try {
            reader = Readers.open(format, file);
            return checked(new ImageHeader(format, reader.getWidth(0), reader.getHeight(0)));
        } catch (IOException | RuntimeException failure) {
            throw damaged(format, failure);
        } finally {
            if (reader != null) {
                reader.dispose();
            }
        }
    }

    private static ImageHeader checked(ImageHeader header) throws InvalidImageException {
        int width = header.width();
        int height = header.height();
        if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
            throw new InvalidImageException(
                    "the image says it is %dx%d; each side must be 1 to %d pixels: scale it down"
                            .formatted(width, height, MAX_SIDE));
        }
        if ((long) width * height > MAX_PIXELS) {
            throw new InvalidImageException(
                    "the image of %dx%d has %d pixels; at most %d are taken: scale it down, the video is smaller anyway"
                            .formatted(width, height, (long) width * height, MAX_PIXELS));
        }
        return header;
    }

    /** Some of the decoders' exceptions say nothing. */
    private static String reason(Exception failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    static InvalidImageException damaged(ImageFormat format, Exception failure) {
        if (failure instanceof InvalidImageException known) {
            return known;
        }
        return new InvalidImageException(
                "the %s image is damaged or incomplete (%s); save it again and send the new file"
                        .formatted(format, reason(failure)),
                failure);
    }
}
