package io.text2video.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;

/** Reads PNG and WebP and takes the samples as they are stored: Java's colour models would convert them. */
final class RasterPixels {
    private RasterPixels() {}

    static DecodedImage read(ImageFormat format, byte[] file, ImageHeader header) throws IOException {
        ImageReader reader = Readers.open(format, file);
        try {
            BufferedImage image = reader.read(0);
            if (image.getWidth() != header.width() || image.getHeight() != header.height()) {
                throw new IIOException("its pixels are %dx%d, its header says %dx%d"
                        .formatted(image.getWidth(), image.getHeight(), header.width(), header.height()));
            }
            byte[] rgb = new byte[3 * header.width() * header.height()];
            if (image.getColorModel() instanceof IndexColorModel palette) {
                lookUp(image.getRaster(), palette, rgb);
            } else {
                copy(image.getRaster(), rgb);
            }
            return new DecodedImage(header.height(), header.width(), rgb);
        } finally {
            reader.dispose();
        }
    }

    private static void lookUp(Raster raster, IndexColorModel palette, byte[] rgb) {
        int[] indices = new int[raster.getWidth()];
        int to = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(0, y, indices.length, 1, 0, indices);
            for (int index : indices) {
                rgb[to++] = (byte) palette.getRed(index);
                rgb[to++] = (byte) palette.getGreen(index);
                rgb[to++] = (byte) palette.getBlue(index);
            }
        }
    }

    private static void copy(Raster raster, byte[] rgb) {
        int bands = raster.getNumBands();
        boolean wide = raster.getTransferType() == DataBuffer.TYPE_USHORT;
        int[] row = new int[bands * raster.getWidth()];
        int to = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(0, y, raster.getWidth(), 1, row);
            for (int from = 0; from < row.length; from += bands) {
                for (int channel = 0; channel < 3; channel++) {
                    int sample = row[from + (bands < 3 ? 0 : channel)];
                    // Pillow keeps the high byte of wide colours, and cuts wide grayscale without alpha off.
                    rgb[to++] = (byte) (!wide ? sample : bands == 1 ? Math.min(sample, 255) : sample >> 8);
                }
            }
        }
    }
}
