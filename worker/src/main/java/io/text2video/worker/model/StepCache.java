package io.text2video.worker.model;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;

/**
 * What the steps of one generation have of each other: a step that hardly differs from an earlier one may take over what
 * most of the blocks added then. Belongs to one generation and its thread.
 */
public interface StepCache extends AutoCloseable {
    /** Computes every step and keeps nothing. */
    StepCache NONE = new StepCache() {
        @Override
        public Tensor step(MemoryScope out, Tensor x, int text, Blocks first, Blocks others) {
            Tensor y = first.run(out, x);
            x.free();
            return others.run(out, y);
        }

        @Override
        public void resume(int done, int reused) {}

        @Override
        public double[] changes() {
            return new double[0];
        }

        @Override
        public int reusedSteps() {
            return 0;
        }

        @Override
        public void close() {}
    };

    /** Some of a network's blocks, from a sequence [B, T+V, D] to one of the same shape. */
    @FunctionalInterface
    interface Blocks {
        Tensor run(MemoryScope out, Tensor x);
    }

    /**
     * A cache for one generation.
     *
     * @param parent outlives the cache
     * @param threshold steps that change by less are not computed; 0 for {@link #NONE}
     * @param steps of the generation
     */
    static StepCache of(MemoryScope parent, double threshold, int steps) {
        return threshold > 0 ? new FirstBlockCache(parent, threshold, steps) : NONE;
    }

    /**
     * The blocks' result of the next step.
     *
     * @param out owns the result
     * @param x [B, T+V, D], which is freed
     * @param text T
     * @param first is always run; leaves its input as it is
     * @param others are run, or what they added in an earlier step is added; free their input
     * @return [B, T+V, D]
     */
    Tensor step(MemoryScope out, Tensor x, int text, Blocks first, Blocks others);

    /**
     * Goes on after the steps of another one, before any of its own; the first one is computed.
     *
     * @param done how many steps those were
     * @param reused how many of them were not computed
     */
    void resume(int done, int reused);

    /**
     * By how much each step so far had changed against the last one that was computed before it; NaN for the steps that
     * were not compared. Empty where there is no cache.
     */
    double[] changes();

    /** How many steps so far were not computed. */
    int reusedSteps();

    /** Frees what was kept. */
    @Override
    void close();
}
