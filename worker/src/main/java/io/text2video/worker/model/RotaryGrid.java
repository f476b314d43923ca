package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;

/**
 * The places of a grid of patches on its three axes. Source: diffusers 0.39,
 * {@code pipeline_cogvideox.py}, {@code _prepare_rotary_positional_embeddings}.
 *
 * <p>The models before 1.5 stretch every grid over as much of the one they were trained with as its shape covers; those
 * since count from the corner.
 *
 * @param frames places in time
 * @param rows places downwards
 * @param columns places to the right
 */
@SuppressWarnings("ArrayRecordComponent") // handed to a kernel at once
record RotaryGrid(double[] frames, double[] rows, double[] columns) {
    /** The size of a grid is in patches. */
    static RotaryGrid of(TransformerConfig config, int frames, int height, int width) {
        if (config.patchSizeT() != null) {
            return new RotaryGrid(count(frames), count(height), count(width));
        }
        int baseHeight = config.sampleHeight() / config.patchSize();
        int baseWidth = config.sampleWidth() / config.patchSize();
        double shape = (double) height / width;
        boolean taller = shape > (double) baseHeight / baseWidth;
        int coveredHeight = taller ? baseHeight : (int) Math.rint((double) baseWidth / width * height);
        int coveredWidth = taller ? (int) Math.rint((double) baseHeight / height * width) : baseWidth;
        return new RotaryGrid(
                spread(0, frames, frames),
                spread(margin(baseHeight, coveredHeight), coveredHeight, height),
                spread(margin(baseWidth, coveredWidth), coveredWidth, width));
    }

    private static int margin(int base, int covered) {
        return (int) Math.rint((base - covered) / 2.0);
    }

    private static double[] count(int n) {
        double[] places = new double[n];
        for (int i = 0; i < n; i++) {
            places[i] = i;
        }
        return places;
    }

    /** {@code n} places from {@code start}, as torch spaces them; a single one is at the start. */
    private static double[] spread(int start, int length, int n) {
        float end = (float) ((double) (start + length) * (n - 1) / n);
        double[] places = new double[n];
        float step = n == 1 ? 0 : (end - start) / (n - 1);
        for (int i = 0; i < n; i++) {
            places[i] = n == 1 || i < n / 2 ? start + step * i : end - step * (n - 1 - i);
        }
        return places;
    }
}
