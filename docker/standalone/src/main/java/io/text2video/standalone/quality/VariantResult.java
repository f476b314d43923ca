package io.text2video.standalone.quality;

import io.text2video.standalone.bench.Median;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * All videos of a variant.
 *
 * @param identical how many have the baseline's bytes; the PSNRs leave them out, as theirs have no end
 * @param meanPsnr in dB; null where all are identical, as {@code minPsnr}
 * @param seconds the median of a generation
 * @param speedup the baseline's seconds over these
 */
public record VariantResult(
        String variant,
        int identical,
        Double meanPsnr,
        Double minPsnr,
        double meanSsim,
        double minSsim,
        double seconds,
        double speedup,
        List<PromptResult> prompts) {
    /** @param prompts at least one */
    static VariantResult of(String variant, List<PromptResult> prompts, double baselineSeconds) {
        double[] psnrs = prompts.stream()
                .map(PromptResult::psnr)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray();
        double[] ssims = prompts.stream().mapToDouble(PromptResult::ssim).toArray();
        double seconds =
                Median.of(prompts.stream().mapToDouble(PromptResult::seconds).toArray());
        return new VariantResult(
                variant,
                prompts.size() - psnrs.length,
                orNull(DoubleStream.of(psnrs).average()),
                orNull(DoubleStream.of(psnrs).min()),
                DoubleStream.of(ssims).average().orElseThrow(),
                DoubleStream.of(ssims).min().orElseThrow(),
                seconds,
                baselineSeconds / seconds,
                prompts);
    }

    private static Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
