package io.text2video.worker.quality;

/**
 * SSIM: where the means, variances and covariance of two images agree, under a Gaussian window of 11×11 that wanders over
 * them (σ = 1.5, K₁ = 0.01, K₂ = 0.03), pixels being unsigned bytes.
 *
 * <p>Source: Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to structural similarity",
 * 2004. Of a colour image it is the mean of its channels, as scikit-image 0.25 has it ({@code gaussian_weights=True,
 * use_sample_covariance=False, channel_axis=-1}). Only windows that lie in the image count.
 *
 * <p>Holds buffers for images of one size: not safe across threads.
 */
final class StructuralSimilarity {
    static final int WINDOW = 11;

    private static final double SIGMA = 1.5;
    private static final double C1 = Math.pow(0.01 * 255, 2);
    private static final double C2 = Math.pow(0.03 * 255, 2);
    private static final int CHANNELS = 3;
    private static final double[] WEIGHTS = gaussian();

    private final int height;
    private final int width;
    private final double[] x;
    private final double[] y;
    private final double[] product;
    private final double[] rows;

    /** @throws IllegalArgumentException when no window lies in an image of this size */
    StructuralSimilarity(int height, int width) {
        if (height < WINDOW || width < WINDOW) {
            throw new IllegalArgumentException(
                    "SSIM takes images of at least %1$dx%1$d, not %2$dx%3$d".formatted(WINDOW, width, height));
        }
        this.height = height;
        this.width = width;
        x = new double[height * width];
        y = new double[height * width];
        product = new double[height * width];
        rows = new double[height * (width - WINDOW + 1)];
    }

    /**
     * The mean over all windows and channels.
     *
     * @param expected [.., height, width, 3]
     * @param actual the same
     * @param offset where the image starts in both
     */
    double of(byte[] expected, byte[] actual, int offset) {
        double sum = 0;
        for (int channel = 0; channel < CHANNELS; channel++) {
            for (int i = 0; i < x.length; i++) {
                x[i] = expected[offset + CHANNELS * i + channel] & 0xff;
                y[i] = actual[offset + CHANNELS * i + channel] & 0xff;
            }
            sum += ofChannel();
        }
        return sum / CHANNELS;
    }

    private double ofChannel() {
        double[] meanX = blurred(x, null);
        double[] meanY = blurred(y, null);
        double[] squareX = blurred(x, x);
        double[] squareY = blurred(y, y);
        double[] cross = blurred(x, y);
        double sum = 0;
        for (int i = 0; i < meanX.length; i++) {
            double varianceX = squareX[i] - meanX[i] * meanX[i];
            double varianceY = squareY[i] - meanY[i] * meanY[i];
            double covariance = cross[i] - meanX[i] * meanY[i];
            sum += (2 * meanX[i] * meanY[i] + C1)
                    * (2 * covariance + C2)
                    / ((meanX[i] * meanX[i] + meanY[i] * meanY[i] + C1) * (varianceX + varianceY + C2));
        }
        return sum / meanX.length;
    }

    /** The weighted mean of a · b under each window; of a alone where b is null. [height − 10, width − 10] */
    private double[] blurred(double[] a, double[] b) {
        double[] values = a;
        if (b != null) {
            values = product;
            for (int i = 0; i < values.length; i++) {
                values[i] = a[i] * b[i];
            }
        }
        int columns = width - WINDOW + 1;
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < columns; column++) {
                double sum = 0;
                for (int k = 0; k < WINDOW; k++) {
                    sum += WEIGHTS[k] * values[row * width + column + k];
                }
                rows[row * columns + column] = sum;
            }
        }
        double[] windows = new double[(height - WINDOW + 1) * columns];
        for (int i = 0; i < windows.length; i++) {
            double sum = 0;
            for (int k = 0; k < WINDOW; k++) {
                sum += WEIGHTS[k] * rows[i + k * columns];
            }
            windows[i] = sum;
        }
        return windows;
    }

    private static double[] gaussian() {
        double[] weights = new double[WINDOW];
        double sum = 0;
        for (int i = 0; i < WINDOW; i++) {
            int distance = i - WINDOW / 2;
            weights[i] = Math.exp(-distance * distance / (2 * SIGMA * SIGMA));
            sum += weights[i];
        }
        for (int i = 0; i < WINDOW; i++) {
            weights[i] /= sum;
        }
        return weights;
    }
}
