package io.text2video.worker.quality;

/** 10 · log₁₀(255² / mean squared error), as scikit-image's {@code peak_signal_noise_ratio} of bytes. */
final class PeakSignalToNoise {
    private static final double PEAK = 255;

    private PeakSignalToNoise() {}

    /**
     * Of unsigned bytes.
     *
     * @param actual as many as {@code expected}
     * @return dB; infinite where they are the same
     */
    static double of(byte[] expected, byte[] actual) {
        long squares = 0;
        for (int i = 0; i < expected.length; i++) {
            int difference = (expected[i] & 0xff) - (actual[i] & 0xff);
            squares += (long) difference * difference;
        }
        return 10 * Math.log10(PEAK * PEAK * expected.length / squares);
    }
}
