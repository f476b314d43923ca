package io.text2video.worker.scheduler;

import io.text2video.worker.config.SchedulerConfig;
import io.text2video.worker.config.UnsupportedCheckpointException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * DDIM with a shifted, zero-terminal-SNR schedule. Immutable and safe across threads.
 *
 * <p>Source: diffusers 0.39, {@code schedulers/scheduling_ddim_cogvideox.py}.
 */
public final class CogVideoXDDIMScheduler {
    private final SchedulerConfig config;
    private final double[] alphasCumprod;

    /**
     * Computes the schedule.
     *
     * @throws UnsupportedCheckpointException when the config names another scheduler, or asks for a beta schedule or a
     *     prediction that is not implemented
     */
    public CogVideoXDDIMScheduler(SchedulerConfig config) throws UnsupportedCheckpointException {
        if (!config.className().equals(SchedulerConfig.DDIM)) {
            throw new UnsupportedCheckpointException("_class_name", config.className(), SchedulerConfig.DDIM);
        }
        if (config.predictionType().equals("epsilon") && config.rescaleBetasZeroSnr()) {
            // At zero signal the noise says nothing about the sample: x0 would be 0/0.
            throw new UnsupportedCheckpointException(
                    "prediction_type", "epsilon", "v_prediction and sample where rescale_betas_zero_snr is true");
        }
        this.config = config;
        this.alphasCumprod = NoiseSchedule.alphasCumprod(config);
    }

    /** ᾱ of each training timestep; a copy. */
    public double[] alphasCumprod() {
        return alphasCumprod.clone();
    }

    /**
     * The steps of a generation, from the noisiest.
     *
     * @param count from 1 to {@code num_train_timesteps}
     */
    public List<DdimStep> steps(int count) {
        if (count < 1 || count > config.numTrainTimesteps()) {
            throw new IllegalArgumentException("there are %d training timesteps, so no schedule of %d steps"
                    .formatted(config.numTrainTimesteps(), count));
        }
        int stride = config.numTrainTimesteps() / count;
        return IntStream.of(timesteps(count))
                .mapToObj(timestep -> step(timestep, timestep - stride))
                .toList();
    }

    /**
     * Rounds half to even, as numpy does. Where the stride is inexact numpy's {@code arange} yields one timestep too
     * many for some counts (61, say), a last −1 that would start from noise again; here there are always {@code count}.
     */
    private int[] timesteps(int count) {
        int n = config.numTrainTimesteps();
        double stride = (double) n / count;
        int ratio = n / count;
        return IntStream.range(0, count)
                .map(i -> switch (config.timestepSpacing()) {
                    case "trailing" -> (int) Math.rint(n - i * stride) - 1;
                    case "leading" -> (count - 1 - i) * ratio + config.stepsOffset();
                    default -> (int) Math.rint(NoiseSchedule.linspace(0, n - 1, count)[count - 1 - i]);
                })
                .toArray();
    }

    private DdimStep step(int timestep, int next) {
        double alpha = alphasCumprod[timestep];
        double alphaNext = next >= 0 ? alphasCumprod[next] : config.setAlphaToOne() ? 1 : alphasCumprod[0];
        double signal = Math.sqrt(alpha);
        double noise = Math.sqrt(1 - alpha);
        double keep = Math.sqrt((1 - alphaNext) / (1 - alpha));
        double add = Math.sqrt(alphaNext) - signal * keep;
        return switch (config.predictionType()) {
            case "v_prediction" -> new DdimStep(timestep, signal, -noise, keep, add);
            case "epsilon" -> new DdimStep(timestep, 1 / signal, -noise / signal, keep, add);
            default -> new DdimStep(timestep, 0, 1, keep, add); // "sample": the output is x0 itself
        };
    }
}
