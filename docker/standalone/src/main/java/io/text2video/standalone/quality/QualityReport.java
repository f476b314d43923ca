package io.text2video.standalone.quality;

import io.text2video.standalone.bench.BenchMachine;
import java.util.List;

/**
 * A baseline and its variants.
 *
 * @param date when it ended, in ISO 8601, UTC
 * @param commit what git says of the sources; null outside a checkout
 * @param baseline how it was drawn
 * @param prompts how many
 * @param baselineSeconds the median of a generation
 */
public record QualityReport(
        String date,
        String version,
        String commit,
        BenchMachine machine,
        String model,
        String baseline,
        int prompts,
        double baselineSeconds,
        List<VariantResult> variants) {}
