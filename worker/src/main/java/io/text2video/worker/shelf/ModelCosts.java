package io.text2video.worker.shelf;

import io.text2video.common.model.GenerationSize;
import io.text2video.common.model.ModelCost;
import io.text2video.common.model.ModelLimits;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What generations take on this worker, by model: at first as pieces of its networks were timed, then by what generations
 * took. Each stage has a pace of its own, a moving geometric mean: a machine that is busy by chance makes a job several
 * times as long, not some seconds longer. Thread-safe.
 */
public final class ModelCosts {
    /** Of the newest generation, also of the first, which warms everything up and is the slowest. */
    private static final double WEIGHT = 0.3;

    /** Prompts that were encoded before take next to no time, and tell nothing of those that were not. */
    private static final double ENCODED_BEFORE = 0.25;

    private final Map<String, ModelCost> known = new ConcurrentHashMap<>();

    /** What a model takes; nothing as long as it was never loaded, or could not be timed. */
    public Optional<ModelCost> of(String model) {
        return Optional.ofNullable(known.get(model));
    }

    /** Pieces of the model were timed. What generations have taught since counts more. */
    void timed(String model, ModelCost cost) {
        known.putIfAbsent(model, cost);
    }

    /** A generation was computed from its start to its end, every step of it. */
    public void measured(
            String model,
            GenerationSize size,
            ModelLimits limits,
            Duration textEncoding,
            Duration denoising,
            Duration decoding) {
        known.computeIfPresent(model, (id, cost) -> {
            double text = ratio(textEncoding, cost.textSeconds(size));
            return cost.scaled(
                    Math.pow(text < ENCODED_BEFORE ? 1 : text, WEIGHT),
                    Math.pow(ratio(denoising, cost.denoisingSeconds(size, limits)), WEIGHT),
                    Math.pow(ratio(decoding, cost.decodingSeconds(size, limits)), WEIGHT));
        });
    }

    private static double ratio(Duration measured, double estimated) {
        return measured.isZero() || estimated <= 0 ? 1 : measured.toNanos() / 1e9 / estimated;
    }
}
