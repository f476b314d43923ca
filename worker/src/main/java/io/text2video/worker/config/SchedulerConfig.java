package io.text2video.worker.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code scheduler/scheduler_config.json}: constructor arguments that {@code CogVideoXDDIMScheduler} and
 * {@code CogVideoXDPMScheduler} share (diffusers 0.39), with their defaults. Neither clips samples, whatever
 * {@code clip_sample} says, so that field is left out.
 *
 * @param className the class that runs, one of {@link #CLASSES}: what {@code model_index.json} names, whatever the file does
 * @param betaSchedule how betas go from {@code betaStart} to {@code betaEnd} over {@code numTrainTimesteps}
 * @param setAlphaToOne whether ᾱ before the first timestep is 1 rather than ᾱ of timestep 0
 * @param rescaleBetasZeroSnr whether the last timestep is pure noise
 * @param snrShiftScale s in ᾱ / (s + (1 − s)·ᾱ)
 */
public record SchedulerConfig(
        @JsonProperty("_class_name") String className,
        int numTrainTimesteps,
        double betaStart,
        double betaEnd,
        String betaSchedule,
        boolean setAlphaToOne,
        int stepsOffset,
        String predictionType,
        String timestepSpacing,
        boolean rescaleBetasZeroSnr,
        double snrShiftScale) {
    public static final String FOLDER = "scheduler";
    public static final String DDIM = "CogVideoXDDIMScheduler";
    public static final String DPM = "CogVideoXDPMScheduler";
    public static final List<String> CLASSES = List.of(DDIM, DPM);

    private static final SchedulerConfig DEFAULTS = ConfigFile.defaults(SchedulerConfig.class, FOLDER);

    public SchedulerConfig {
        Check.oneOf("_class_name", className, CLASSES);
        Check.size("num_train_timesteps", numTrainTimesteps);
        Check.positive("beta_start", betaStart);
        if (!(betaEnd >= betaStart && betaEnd < 1)) {
            throw new InvalidSettingException(
                    "beta_end", betaEnd, "must be from beta_start (" + betaStart + ") to below 1");
        }
        Check.oneOf("beta_schedule", betaSchedule, List.of("scaled_linear", "linear", "squaredcos_cap_v2"));
        if (stepsOffset < 0 || stepsOffset >= numTrainTimesteps) {
            throw new InvalidSettingException(
                    "steps_offset", stepsOffset, "must be below num_train_timesteps (" + numTrainTimesteps + ")");
        }
        Check.oneOf("prediction_type", predictionType, List.of("v_prediction", "epsilon", "sample"));
        Check.oneOf("timestep_spacing", timestepSpacing, List.of("trailing", "leading", "linspace"));
        Check.positive("snr_shift_scale", snrShiftScale);
    }

    /**
     * Reads a checkpoint's scheduler config.
     *
     * @param index of the same checkpoint
     * @throws InvalidCheckpointException when a field is ill-typed or out of range, or betas are given one by one
     * @throws IOException when the file cannot be read
     */
    public static SchedulerConfig read(Path modelDirectory, ModelIndex index) throws IOException {
        return ConfigFile.open(modelDirectory.resolve(FOLDER).resolve("scheduler_config.json"))
                .of(index.schedulerClass())
                .refuseSet("trained_betas")
                .over(DEFAULTS);
    }
}
