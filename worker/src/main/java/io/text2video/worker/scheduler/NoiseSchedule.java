package io.text2video.worker.scheduler;

import io.text2video.worker.config.SchedulerConfig;
import io.text2video.worker.config.UnsupportedCheckpointException;
import java.util.Arrays;

/** The share of signal, ᾱ, that is left at each timestep. Source: diffusers 0.39, {@code scheduling_ddim_cogvideox.py}. */
final class NoiseSchedule {
    private NoiseSchedule() {}

    /** ᾱ of each training timestep, in fp64. */
    static double[] alphasCumprod(SchedulerConfig config) throws UnsupportedCheckpointException {
        double[] alphas = cumulate(betas(config));
        double shift = config.snrShiftScale();
        for (int i = 0; i < alphas.length; i++) {
            alphas[i] = alphas[i] / (shift + (1 - shift) * alphas[i]);
        }
        return config.rescaleBetasZeroSnr() ? rescaleToZeroTerminalSnr(alphas) : alphas;
    }

    private static double[] betas(SchedulerConfig config) throws UnsupportedCheckpointException {
        int n = config.numTrainTimesteps();
        return switch (config.betaSchedule()) {
            case "linear" -> linspace(config.betaStart(), config.betaEnd(), n);
            case "scaled_linear" ->
                Arrays.stream(linspace(Math.sqrt(config.betaStart()), Math.sqrt(config.betaEnd()), n))
                        .map(root -> root * root)
                        .toArray();
            default ->
                throw new UnsupportedCheckpointException(
                        "beta_schedule", config.betaSchedule(), "linear and scaled_linear");
        };
    }

    /** Counts from both ends towards the middle, as torch does, so that the last digits agree. */
    static double[] linspace(double start, double end, int n) {
        double[] values = new double[n];
        double step = n == 1 ? 0 : (end - start) / (n - 1);
        for (int i = 0; i < n; i++) {
            values[i] = i < n / 2 ? start + step * i : end - step * (n - 1 - i);
        }
        return values;
    }

    private static double[] cumulate(double[] betas) {
        double[] alphas = new double[betas.length];
        double product = 1;
        for (int i = 0; i < betas.length; i++) {
            product *= 1 - betas[i];
            alphas[i] = product;
        }
        return alphas;
    }

    /** Moves √ᾱ linearly so that the last is 0 and the first stays (arXiv:2305.08891, algorithm 1). */
    private static double[] rescaleToZeroTerminalSnr(double[] alphas) {
        double first = Math.sqrt(alphas[0]);
        double last = Math.sqrt(alphas[alphas.length - 1]);
        double[] rescaled = new double[alphas.length];
        for (int i = 0; i < alphas.length; i++) {
            double root = (Math.sqrt(alphas[i]) - last) * (first / (first - last));
            rescaled[i] = root * root;
        }
        return rescaled;
    }
}
