package io.text2video.standalone.bench;

import java.util.List;

/**
 * What was measured.
 *
 * @param engineS seconds to start the engine: its libraries and kernels
 * @param loadS seconds to load the checkpoint into an engine that runs
 * @param fastest the generation with the least total
 * @param runs all that count, in order
 * @param peakRssBytes the most that was resident since the process started
 * @param generationPeakRssBytes the same since the model was loaded; null where the kernel does not let the peak start again
 * @param peakGpuBytes what the process holds of a GPU after its last generation; null where it uses none
 * @param memory by stage, over all generations, those to warm up included
 */
public record Measurement(
        double engineS,
        double loadS,
        Timing fastest,
        List<Timing> runs,
        long peakRssBytes,
        Long generationPeakRssBytes,
        Long peakGpuBytes,
        List<MeasuredStageMemory> memory) {}
