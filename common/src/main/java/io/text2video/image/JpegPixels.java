package io.text2video.image;

import java.awt.image.Raster;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;

/** Reads the samples of a JPEG and makes RGB of them with the integers of libjpeg and Pillow. */
final class JpegPixels {
    /**
     * Parts of the warnings of libjpeg and of the JDK around it which say that pixels were filled in for data that is missing
     * or broken. Of all else that they warn of, profiles and stray bytes between segments, the pixels know nothing. The
     * readers of PNG and WebP fail in such cases.
     */
    private static final List<String> MADE_UP =
            List.of("truncated file", "premature end", "bad huffman code", "bad arithmetic code", "instead of rst");

    private JpegPixels() {}

    static DecodedImage read(byte[] file, ImageHeader header, JpegColors colors) throws IOException {
        ImageReader reader = Readers.open(ImageFormat.JPEG, file);
        AtomicReference<String> madeUp = new AtomicReference<>();
        reader.addIIOReadWarningListener((source, warning) -> {
            String text = warning.toLowerCase(Locale.ROOT);
            if (MADE_UP.stream().anyMatch(text::contains)) {
                madeUp.compareAndSet(null, warning);
            }
        });
        try {
            Raster raster = reader.readRaster(0, null);
            if (madeUp.get() != null) {
                throw new IIOException("pixels would be made up: " + madeUp.get());
            }
            if (raster.getWidth() != header.width()
                    || raster.getHeight() != header.height()
                    || raster.getNumBands() != colors.components()) {
                throw new IIOException("its pixels are not what its header says");
            }
            byte[] rgb = new byte[3 * header.width() * header.height()];
            int[] row = new int[colors.components() * header.width()];
            for (int y = 0; y < header.height(); y++) {
                raster.getPixels(0, y, header.width(), 1, row);
                convert(row, colors, rgb, 3 * y * header.width());
            }
            return new DecodedImage(header.height(), header.width(), rgb);
        } finally {
            reader.dispose();
        }
    }

    private static void convert(int[] row, JpegColors colors, byte[] rgb, int start) {
        int bands = colors.components();
        int to = start;
        for (int from = 0; from < row.length; from += bands, to += 3) {
            if (bands == 1) {
                rgb[to] = rgb[to + 1] = rgb[to + 2] = (byte) row[from];
                continue;
            }
            int red = row[from];
            int green = row[from + 1];
            int blue = row[from + 2];
            if (colors.luminance()) {
                // BT.601 in 16 bits of fraction, rounded where libjpeg rounds.
                int cb = row[from + 1] - 128;
                int cr = row[from + 2] - 128;
                int y = row[from];
                red = clip(y + ((91881 * cr + 32768) >> 16));
                green = clip(y + ((-22554 * cb - 46802 * cr + 32768) >> 16));
                blue = clip(y + ((116130 * cb + 32768) >> 16));
            }
            if (bands == 4) { // inks are stored inverted, as Adobe does it: Pillow takes them all so
                int light = row[from + 3];
                red = withBlack(colors.luminance() ? red : 255 - red, light);
                green = withBlack(colors.luminance() ? green : 255 - green, light);
                blue = withBlack(colors.luminance() ? blue : 255 - blue, light);
            }
            rgb[to] = (byte) red;
            rgb[to + 1] = (byte) green;
            rgb[to + 2] = (byte) blue;
        }
    }

    /** Pillow's CMYK to RGB: {@code light − ink · light / 255}, divided with rounding. */
    private static int withBlack(int ink, int light) {
        int product = ink * light + 128;
        return clip(light - ((product + (product >> 8)) >> 8));
    }

    private static int clip(int value) {
        return Math.max(0, Math.min(255, value));
    }
}
