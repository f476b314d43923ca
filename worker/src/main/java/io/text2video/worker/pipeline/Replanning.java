package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.OutOfMemoryException;
import io.text2video.worker.plan.MemoryPlan;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Runs a generation as planned. Where memory runs out all the same, everything of it is freed, and it runs once more in the
 * next smaller way, from its last state where that draws the same latents, else from its start: from the same seed it gives
 * the same video.
 */
final class Replanning {
    private static final Logger LOG = Logger.getLogger(Replanning.class);

    private final MemoryPlan plan;
    private final BooleanSupplier repeatable;

    /** @param repeatable whether, after a run has failed, nobody keeps what it gave before that */
    Replanning(MemoryPlan plan, BooleanSupplier repeatable) {
        this.plan = plan;
        this.repeatable = repeatable;
    }

    /**
     * Runs it.
     *
     * @param attempt owns nothing any more when it throws
     * @throws OutOfMemoryException when memory runs out again, or there is no smaller way
     */
    <T> T run(Function<Rung, T> attempt) {
        try {
            return attempt(plan, attempt);
        } catch (OutOfMemoryException e) {
            Optional<MemoryPlan> lower = repeatable.getAsBoolean() ? plan.lower() : Optional.empty();
            if (lower.isEmpty()) {
                throw failure(plan, e);
            }
            LOG.warnf(
                    "memory ran out, runs again run=%s then=%s",
                    plan.rung(), lower.get().rung());
            return again(lower.get(), attempt);
        }
    }

    private static <T> T again(MemoryPlan lower, Function<Rung, T> attempt) {
        try {
            return attempt(lower, attempt);
        } catch (OutOfMemoryException e) {
            throw failure(lower, e);
        }
    }

    private static <T> T attempt(MemoryPlan plan, Function<Rung, T> attempt) {
        if (plan.rung().has(Saving.VAE_TILES)) {
            LOG.infof("VAE works in tiles, pixels change slightly run=%s budget=%s", plan.rung(), plan.budget());
        } else {
            LOG.debugf("memory planned run=%s budget=%s", plan.rung(), plan.budget());
        }
        return attempt.apply(plan.rung());
    }

    private static OutOfMemoryException failure(MemoryPlan plan, OutOfMemoryException cause) {
        return new OutOfMemoryException(
                "memory ran out at %dx%d with %d frames (%s); ask for a smaller size or fewer frames, or give less to others: %s"
                        .formatted(
                                plan.video().width(),
                                plan.video().height(),
                                plan.video().numFrames(),
                                plan.rung(),
                                cause.getMessage().lines().findFirst().orElse("")),
                cause);
    }
}
