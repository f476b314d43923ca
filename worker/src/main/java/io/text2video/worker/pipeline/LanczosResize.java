package io.text2video.worker.pipeline;

import java.util.stream.IntStream;

/**
 * Resizes as Pillow's {@code Image.resize((width, height), LANCZOS)} does, to the bit: a horizontal and a vertical pass,
 * each a convolution in fixed point that is rounded and clipped to bytes. A side that keeps its length has no pass.
 * The aspect ratio is not kept. Stateless.
 *
 * <p>Numbers compared with Pillow 13.0.0.
 */
final class LanczosResize {
    private static final int LOBES = 3;
    /** A product of byte and coefficient needs 8 bits more, the sum's overshoot another 2. */
    private static final int PRECISION_BITS = 32 - 8 - 2;

    private LanczosResize() {}

    /** An image of the given size; the same one where it has that size already. */
    static RgbImage resize(RgbImage image, int height, int width) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "an image cannot be resized to %dx%d: each side must be at least 1".formatted(width, height));
        }
        if (verticallyFirst(image.height() - height, image.width() - width)) {
            return horizontally(vertically(image, height), width);
        }
        return vertically(horizontally(image, width), height);
    }

    /** Pillow 13's order of passes, found by comparing results; older ones always begin with the horizontal pass. */
    private static boolean verticallyFirst(int heightLost, int widthLost) {
        return heightLost > 0 && 2L * widthLost < heightLost;
    }

    private static RgbImage horizontally(RgbImage image, int width) {
        if (width == image.width()) {
            return image;
        }
        Taps[] taps = taps(image.width(), width);
        byte[] source = image.rgb();
        byte[] resized = new byte[Math.multiplyExact(Math.multiplyExact(3, width), image.height())];
        IntStream.range(0, image.height()).parallel().forEach(y -> {
            int row = 3 * y * image.width();
            int to = 3 * y * width;
            for (Taps tap : taps) {
                int from = row + 3 * tap.first();
                for (int channel = 0; channel < 3; channel++) {
                    resized[to++] = sum(source, from + channel, 3, tap.weights());
                }
            }
        });
        return new RgbImage(image.height(), width, resized);
    }

    private static RgbImage vertically(RgbImage image, int height) {
        if (height == image.height()) {
            return image;
        }
        Taps[] taps = taps(image.height(), height);
        int stride = 3 * image.width();
        byte[] source = image.rgb();
        byte[] resized = new byte[Math.multiplyExact(stride, height)];
        IntStream.range(0, height).parallel().forEach(y -> {
            int from = stride * taps[y].first();
            for (int column = 0; column < stride; column++) {
                resized[stride * y + column] = sum(source, from + column, stride, taps[y].weights());
            }
        });
        return new RgbImage(height, image.width(), resized);
    }

    private static byte sum(byte[] source, int start, int step, int[] weights) {
        int sum = 1 << (PRECISION_BITS - 1);
        int from = start;
        for (int weight : weights) {
            sum += (source[from] & 255) * weight;
            from += step;
        }
        return (byte) Math.max(0, Math.min(255, sum >> PRECISION_BITS));
    }

    /** What one pixel of the result is made of: the source's pixels from {@code first} on, by weight. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of weights that nobody compares
    private record Taps(int first, int[] weights) {}

    private static Taps[] taps(int from, int to) {
        double scale = (double) from / to;
        double stretch = Math.max(scale, 1); // shrinking widens the filter, so that it also smooths
        double reach = LOBES * stretch;
        Taps[] taps = new Taps[to];
        for (int i = 0; i < to; i++) {
            double center = (i + 0.5) * scale;
            int first = Math.max(0, (int) (center - reach + 0.5));
            int end = Math.min(from, (int) (center + reach + 0.5));
            double[] weights = new double[end - first];
            double total = 0;
            for (int x = 0; x < weights.length; x++) {
                weights[x] = lanczos((x + first - center + 0.5) * (1 / stretch));
                total += weights[x];
            }
            taps[i] = new Taps(first, fixedPoint(weights, total));
        }
        return taps;
    }

    private static int[] fixedPoint(double[] weights, double total) {
        int[] fixed = new int[weights.length];
        for (int x = 0; x < weights.length; x++) {
            double weight = weights[x] / total;
            fixed[x] = (int) (Math.copySign(0.5, weight) + weight * (1 << PRECISION_BITS));
        }
        return fixed;
    }

    private static double lanczos(double x) {
        return -LOBES <= x && x < LOBES ? sinc(x) * sinc(x / LOBES) : 0;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : StrictMath.sin(x * Math.PI) / (x * Math.PI);
    }
}
