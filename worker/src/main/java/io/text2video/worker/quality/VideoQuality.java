package io.text2video.worker.quality;

import io.text2video.worker.pipeline.Frames;

/**
 * How alike a video is to the one that it should be.
 *
 * @param psnr peak signal-to-noise ratio over all bytes, in dB; infinite where they are the same
 * @param ssim structural similarity, the mean of all frames; 1 where they are the same
 */
public record VideoQuality(double psnr, double ssim) {
    /**
     * Compares two videos.
     *
     * @throws IllegalArgumentException when they differ in size or length, or are smaller than SSIM's window
     */
    public static VideoQuality of(Frames expected, Frames actual) {
        if (expected.count() != actual.count()
                || expected.height() != actual.height()
                || expected.width() != actual.width()) {
            throw new IllegalArgumentException(
                    "only videos of one size can be compared, not %s and %s".formatted(size(expected), size(actual)));
        }
        StructuralSimilarity similarity = new StructuralSimilarity(expected.height(), expected.width());
        int frame = 3 * expected.height() * expected.width();
        double sum = 0;
        for (int i = 0; i < expected.count(); i++) {
            sum += similarity.of(expected.rgb(), actual.rgb(), i * frame);
        }
        return new VideoQuality(PeakSignalToNoise.of(expected.rgb(), actual.rgb()), sum / expected.count());
    }

    /** Whether no byte differs. */
    public boolean identical() {
        return Double.isInfinite(psnr);
    }

    private static String size(Frames frames) {
        return "%d frames of %dx%d".formatted(frames.count(), frames.width(), frames.height());
    }
}
