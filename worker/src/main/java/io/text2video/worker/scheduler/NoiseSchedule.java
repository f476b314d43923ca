package io.text2video.worker.scheduler;

import io.text2video.worker.config.SchedulerConfig;
import io.text2video.worker.config.UnsupportedCheckpointException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The share of signal, ᾱ, that is left at each timestep, and which timesteps a generation visits. Immutable.
 *
 * <p>Source: diffusers 0.39, {@code scheduling_ddim_cogvideox.py} and {@code scheduling_dpm_cogvideox.py}, which
 * agree on it.
 */
final class NoiseSchedule {
    private final SchedulerConfig config;
    private final double[] alphasCumprod;

    /**
     * Computes the schedule.
     *
     * @throws UnsupportedCheckpointException when the config asks for a beta schedule or a prediction that is not
     *     implemented
     */
    NoiseSchedule(SchedulerConfig config) throws UnsupportedCheckpointException {
        if (config.predictionType().equals("epsilon") && config.rescaleBetasZeroSnr()) {
            // At zero signal the noise says nothing about the sample: x0 would be 0/0.
            throw new UnsupportedCheckpointException(
                    "prediction_type", "epsilon", "v_prediction and sample where rescale_betas_zero_snr is true");
        }
        this.config = config;
        this.alphasCumprod = alphasCumprod(config);
    }

    /** ᾱ of each training timestep, in fp64; a copy. */
    double[] alphasCumprod() {
        return alphasCumprod.clone();
    }

    /** ᾱ of a timestep; of what comes after the last where it is negative. */
    double alpha(int timestep) {
        return timestep >= 0 ? alphasCumprod[timestep] : config.setAlphaToOne() ? 1 : alphasCumprod[0];
    }

    /** How x0 follows from a sample and the network's output at a timestep. */
    Prediction prediction(int timestep) {
        double signal = Math.sqrt(alphasCumprod[timestep]);
        double noise = Math.sqrt(1 - alphasCumprod[timestep]);
        return switch (config.predictionType()) {
            case "v_prediction" -> new Prediction(signal, -noise);
            case "epsilon" -> new Prediction(1 / signal, -noise / signal);
            default -> new Prediction(0, 1); // "sample": the output is x0 itself
        };
    }

    /** From where to where each step goes that a generation takes. */
    List<Transition> transitions(Steps steps) {
        List<Transition> all = transitions(steps.count(), steps.timesteps());
        return all.subList(steps.skipped(), all.size());
    }

    private List<Transition> transitions(int count, List<Integer> explicit) {
        if (explicit.isEmpty()) {
            int stride = stride(count);
            return IntStream.of(timesteps(count))
                    .mapToObj(timestep -> new Transition(timestep, timestep - stride))
                    .toList();
        }
        return IntStream.range(0, count)
                .mapToObj(i -> new Transition(explicit.get(i), i + 1 < count ? explicit.get(i + 1) : Transition.END))
                .toList();
    }

    /** Training timesteps from one of {@code count} steps to the next. */
    private int stride(int count) {
        if (count < 1 || count > config.numTrainTimesteps()) {
            throw new IllegalArgumentException("there are %d training timesteps, so no schedule of %d steps"
                    .formatted(config.numTrainTimesteps(), count));
        }
        return config.numTrainTimesteps() / count;
    }

    /**
     * The timesteps that the config's spacing gives, from the noisiest. Rounds half to even, as numpy does. Where the stride is inexact
     * numpy's {@code arange} yields one timestep too many for some counts (61, say), a last −1 that would start from
     * noise again; here there are always {@code count}.
     */
    private int[] timesteps(int count) {
        int n = config.numTrainTimesteps();
        double stride = (double) n / count;
        int ratio = stride(count);
        return IntStream.range(0, count)
                .map(i -> switch (config.timestepSpacing()) {
                    case "trailing" -> (int) Math.rint(n - i * stride) - 1;
                    case "leading" -> (count - 1 - i) * ratio + config.stepsOffset();
                    default -> (int) Math.rint(linspace(0, n - 1, count)[count - 1 - i]);
                })
                .toArray();
    }

    /**
     * One step's two ends.
     *
     * @param timestep of the sample that it starts from
     * @param next of the sample that it gives; negative where that is the video
     */
    record Transition(int timestep, int next) {
        static final int END = -1;
    }

    private static double[] alphasCumprod(SchedulerConfig config) throws UnsupportedCheckpointException {
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

    /** Counts from both ends towards the middle, as torch does, so that the last digits agree; a single value is the start. */
    private static double[] linspace(double start, double end, int n) {
        double[] values = new double[n];
        double step = n == 1 ? 0 : (end - start) / (n - 1);
        for (int i = 0; i < n; i++) {
            values[i] = n == 1 || i < n / 2 ? start + step * i : end - step * (n - 1 - i);
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
