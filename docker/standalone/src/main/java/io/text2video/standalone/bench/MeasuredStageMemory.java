package io.text2video.standalone.bench;

import java.util.List;

/**
 * The most memory that was seen resident during a stage, in bytes. The two kinds need not have had their peaks at once.
 *
 * @param peakAnonymousBytes the process's own
 * @param peakFileBytes pages of mapped files: weights that are used where they lie, above all
 */
public record MeasuredStageMemory(String stage, long peakRssBytes, long peakAnonymousBytes, long peakFileBytes) {
    /** Of a stage that came several times. */
    static MeasuredStageMemory most(List<MeasuredStageMemory> times) {
        return new MeasuredStageMemory(
                times.get(0).stage(),
                times.stream()
                        .mapToLong(MeasuredStageMemory::peakRssBytes)
                        .max()
                        .orElseThrow(),
                times.stream()
                        .mapToLong(MeasuredStageMemory::peakAnonymousBytes)
                        .max()
                        .orElseThrow(),
                times.stream()
                        .mapToLong(MeasuredStageMemory::peakFileBytes)
                        .max()
                        .orElseThrow());
    }
}
