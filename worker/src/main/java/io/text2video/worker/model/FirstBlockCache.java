package io.text2video.worker.model;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import java.util.Arrays;

/**
 * Judges a step by its first block: when what that adds to the video's tokens differs from what it added in the last
 * computed step by less than a threshold, relative L1, the other blocks' addition of that step is taken again. One
 * decision for the whole batch, so that a prompt and its negative never part. The first and the last step are always
 * computed.
 *
 * <p>The rule is ParaAttention's first-block cache; the decision record 0010 says why it was taken. Two tensors of [B, T+V,
 * D] are kept, from step to step and while blocks run.
 */
final class FirstBlockCache implements StepCache {
    private final MemoryScope scope;
    private final double threshold;
    private final double[] changes;
    private int steps;
    private int reused;

    /** What the blocks added in the last computed step: the first to the video [B, V, D], the others [B, T+V, D]. */
    private Tensor byFirst;

    /** Null exactly when {@link #byFirst} is. */
    private Tensor byOthers;

    FirstBlockCache(MemoryScope parent, double threshold, int steps) {
        this.scope = parent.open();
        this.threshold = threshold;
        this.changes = new double[steps];
    }

    @Override
    public Tensor step(MemoryScope out, Tensor x, int text, Blocks first, Blocks others) {
        int step = steps++;
        changes[step] = Double.NaN;
        if (step == changes.length - 1) {
            forget();
            return NONE.step(out, x, text, first, others);
        }
        Tensor y;
        try (MemoryScope own = out.open()) {
            y = first.run(out, x);
            Tensor added = residual(own, x, y);
            Tensor now = TensorKernels.narrow(own, added, 1, text, added.size(1));
            if (byFirst != null) {
                changes[step] = own.callForDouble("relative_change", now, byFirst);
                // Also false for NaN, which nothing is to be judged by.
                if (changes[step] < threshold) {
                    reused++;
                    return add(out, y);
                }
                forget();
            }
            byFirst = scope.adopt(now);
        }
        Tensor before = TensorKernels.copy(scope, y);
        Tensor z = others.run(out, y);
        byOthers = residual(scope, before, z);
        return z;
    }

    @Override
    public void resume(int done, int reusedBefore) {
        Arrays.fill(changes, 0, done, Double.NaN);
        steps = done;
        reused = reusedBefore;
    }

    @Override
    public double[] changes() {
        return Arrays.copyOf(changes, steps);
    }

    @Override
    public int reusedSteps() {
        return reused;
    }

    @Override
    public void close() {
        scope.close();
    }

    /** What was added to {@code before} to make {@code after}; takes the memory of {@code before}, which is lost. */
    private static Tensor residual(MemoryScope out, Tensor before, Tensor after) {
        Tensor residual = out.call("residual", before, after);
        before.free();
        return residual;
    }

    private Tensor add(MemoryScope out, Tensor y) {
        Tensor z = TensorKernels.add(out, y, byOthers);
        y.free();
        return z;
    }

    /** Before the blocks run, which need the memory. */
    private void forget() {
        if (byFirst != null) {
            byFirst.free();
            byOthers.free();
            byFirst = null;
            byOthers = null;
        }
    }
}
