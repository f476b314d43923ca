package io.text2video.common.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;

/** Whether a generation is done in the time that one job may take, and if not, what is. */
final class JobTime {
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;

    private final ModelCost cost;
    private final ModelDefaults defaults;
    private final ModelLimits limits;
    private final int most;

    /** @param most seconds */
    JobTime(ModelCost cost, ModelDefaults defaults, ModelLimits limits, int most) {
        this.cost = cost;
        this.defaults = defaults;
        this.limits = limits;
        this.most = most;
    }

    /** @throws GenerationTooLargeException when it would take longer */
    void check(GenerationSize wanted) {
        double seconds = cost.seconds(wanted, limits);
        if (seconds <= most) {
            return;
        }
        throw new GenerationTooLargeException(
                largest(wanted),
                "%d steps of %d frames of %dx%d would take about %s, but a job may take %s; %s"
                        .formatted(
                                wanted.numInferenceSteps(),
                                wanted.numFrames(),
                                wanted.width(),
                                wanted.height(),
                                words(seconds),
                                words(most),
                                advice(wanted)));
    }

    /** The parameter that exceeds most what the model does by itself. */
    private String largest(GenerationSize wanted) {
        double size = (double) wanted.height() * wanted.width() / defaults.height() / defaults.width();
        double frames = (double) wanted.numFrames() / defaults.numFrames();
        double steps = (double) wanted.numInferenceSteps() / defaults.numInferenceSteps();
        if (steps >= size && steps >= frames) {
            return "num_inference_steps";
        }
        return frames >= size ? "num_frames" : wanted.height() >= wanted.width() ? "height" : "width";
    }

    private String advice(GenerationSize wanted) {
        List<String> fits = new ArrayList<>();
        largestBelow(wanted.numInferenceSteps(), wanted::withNumInferenceSteps)
                .ifPresent(size -> fits.add("num_inference_steps %d".formatted(size.numInferenceSteps())));
        int latents = (wanted.numFrames() - 1) / limits.frameMultiple();
        largestBelow(latents, less -> wanted.withNumFrames(less * limits.frameMultiple() + 1))
                .ifPresent(size -> fits.add("num_frames %d".formatted(size.numFrames())));
        int rows = Math.min(wanted.height(), wanted.width()) / limits.sizeMultiple();
        largestBelow(rows, less -> shrunk(wanted, (double) less / rows))
                .ifPresent(size -> fits.add("size %dx%d".formatted(size.width(), size.height())));
        return fits.isEmpty()
                ? "its workers allow more with a longer WORKER_MAX_JOB_TIME"
                : "with all else as it is, this would fit: " + String.join(", or ", fits);
    }

    private GenerationSize shrunk(GenerationSize wanted, double scale) {
        return wanted.withSize(
                multiple(wanted.height() * scale, limits.minHeight()),
                multiple(wanted.width() * scale, limits.minWidth()));
    }

    private int multiple(double side, int least) {
        return Math.max(least, (int) Math.round(side / limits.sizeMultiple()) * limits.sizeMultiple());
    }

    /** The generation of the largest number from 1 to below {@code bound} that is done in time; more takes longer. */
    private Optional<GenerationSize> largestBelow(int bound, IntFunction<GenerationSize> generation) {
        int fits = 0;
        int tooMuch = bound;
        while (tooMuch - fits > 1) {
            int middle = (fits + tooMuch) / 2;
            if (cost.seconds(generation.apply(middle), limits) <= most) {
                fits = middle;
            } else {
                tooMuch = middle;
            }
        }
        return fits == 0 ? Optional.empty() : Optional.of(generation.apply(fits));
    }

    private static String words(double seconds) {
        if (seconds < 2 * MINUTE) {
            return String.format(Locale.ROOT, "%.0f s", seconds);
        }
        return seconds < 2 * HOUR
                ? String.format(Locale.ROOT, "%.0f min", seconds / MINUTE)
                : String.format(Locale.ROOT, "%.1f h", seconds / HOUR);
    }
}
