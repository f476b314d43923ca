package io.text2video.standalone.bench;

import io.text2video.worker.pipeline.Generation;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What one generation took, in seconds.
 *
 * @param stepS the median of all steps but the first; of a single step, all of denoising
 * @param totalS of the three stages
 * @param reusedSteps how many steps took their result from an earlier one, by the cache of steps
 */
public record Timing(double encodeS, double stepS, double denoiseS, double decodeS, double totalS, int reusedSteps) {
    /** @param stepEnds when each step was done, as {@link System#nanoTime} */
    static Timing of(Generation generation, List<Long> stepEnds) {
        double encode = seconds(generation.textEncoding());
        double denoise = seconds(generation.denoising());
        double decode = seconds(generation.decoding());
        double[] steps = IntStream.range(1, stepEnds.size())
                .mapToDouble(i -> (stepEnds.get(i) - stepEnds.get(i - 1)) / 1e9)
                .toArray();
        double step = steps.length == 0 ? denoise : Median.of(steps);
        return new Timing(encode, step, denoise, decode, encode + denoise + decode, generation.reusedSteps());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
