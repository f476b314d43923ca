package io.text2video.worker.kernels;

import io.text2video.worker.kernels.CpuPaths.Part;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Ways of the CPU, and what they were chosen by.
 *
 * @param measured of each part that was timed; empty where none was, and for a part that has one way here
 */
public record ChosenPaths(CpuPaths paths, Map<Part, PairedTimes> measured) {
    public ChosenPaths {
        measured = Map.copyOf(measured);
    }

    /** The faster way of each part. */
    static ChosenPaths by(Map<Part, PairedTimes> measured) {
        CpuPaths paths = CpuPaths.DEFAULT.with(Part.INT8, measured.containsKey(Part.INT8));
        for (Map.Entry<Part, PairedTimes> part : new EnumMap<>(measured).entrySet()) {
            paths = paths.with(part.getKey(), !part.getValue().otherIsFaster());
        }
        return new ChosenPaths(paths, measured);
    }

    /** What the way that is not the default takes of the default's time, by {@link Part#label}. */
    public Map<String, PairedTimes> ratios() {
        Map<String, PairedTimes> ratios = new TreeMap<>();
        measured.forEach((part, times) -> ratios.put(part.label(), times));
        return ratios;
    }
}
