package io.text2video.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * Small images in test resources, most of them saved by Pillow 13.0.0 and all of them decoded by it:
 * {@code ImageOps.exif_transpose(image).convert("RGB")}.
 */
final class PillowImages {
    private PillowImages() {}

    static List<String> names() {
        return List.copyOf(expected().keySet());
    }

    static byte[] file(String name) {
        try (InputStream file = PillowImages.class.getResourceAsStream("/image/" + name)) {
            return file.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What Pillow sees, by the file's name. */
    static Map<String, DecodedImage> expected() {
        Map<String, DecodedImage> images = new TreeMap<>();
        try (DataInputStream pixels =
                new DataInputStream(new GZIPInputStream(new ByteArrayInputStream(file("expected.rgb.gz"))))) {
            for (String line : new String(file("expected.txt"), UTF_8).lines().toList()) {
                String[] fields = line.split(" ", -1);
                int height = Integer.parseInt(fields[1]);
                int width = Integer.parseInt(fields[2]);
                byte[] rgb = new byte[3 * height * width];
                pixels.readFully(rgb);
                images.put(fields[0], new DecodedImage(height, width, rgb));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return images;
    }

    static int largestDifference(byte[] actual, byte[] expected) {
        int largest = Math.abs(actual.length - expected.length) > 0 ? 256 : 0;
        for (int i = 0; i < Math.min(actual.length, expected.length); i++) {
            largest = Math.max(largest, Math.abs((actual[i] & 255) - (expected[i] & 255)));
        }
        return largest;
    }
}
