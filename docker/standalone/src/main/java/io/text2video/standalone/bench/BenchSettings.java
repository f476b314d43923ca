package io.text2video.standalone.bench;

import io.text2video.worker.kernels.PairedTimes;
import java.util.Map;

/**
 * What was run.
 *
 * @param model the checkpoint, as requests name it
 * @param device that it ran on, as torch names it
 * @param dtype what the networks computed in
 * @param threads of the engine's arithmetic
 * @param cpuPaths the ways that the CPU took, as {@code --cpu-paths} takes them; null on a GPU
 * @param cpuPathRatios of each part whose ways were timed, now or before, what the way that is not the default takes of the
 *     default's time
 * @param flags everything else that was given for model and generation, by the flags' names
 */
public record BenchSettings(
        String model,
        int numInferenceSteps,
        int numFrames,
        int height,
        int width,
        double guidanceScale,
        String device,
        String dtype,
        int threads,
        int warmup,
        int repeat,
        String cpuPaths,
        Map<String, PairedTimes> cpuPathRatios,
        Map<String, String> flags) {}
