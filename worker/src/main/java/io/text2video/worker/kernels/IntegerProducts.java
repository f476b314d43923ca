package io.text2video.worker.kernels;

import io.text2video.worker.kernels.CpuPaths.Part;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Whether this machine multiplies int8 codes as integers: where that is exact and no loop, as with VNNI on x86. Found out
 * once a process, in some milliseconds, before any network is loaded.
 */
final class IntegerProducts {
    /** Of a product that takes longer than its call, and not long on a CPU that takes a plain loop. */
    private static final int PROBED_TOKENS = 64;

    private static final int PROBED_WIDTH = 512;
    private static final int PROBES = 5;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private IntegerProducts() {}

    /** @param ofUse whether they are no loop either */
    record Found(boolean exact, boolean ofUse) {}

    /** Waits for the first use, since it starts the engine. */
    private static final class OfThisProcess {
        private static final Found FOUND = probe();
    }

    /** Whether they are exact, however long they take. */
    static boolean areExact() {
        return OfThisProcess.FOUND.exact();
    }

    /** Whether they are exact and no loop. */
    static boolean areOfUse() {
        return OfThisProcess.FOUND.ofUse();
    }

    static Found probe() {
        try (Kernels integers = Kernels.load(CpuPaths.DEFAULT.with(Part.INT8, true));
                MemoryScope scope = integers.openScope()) {
            if (scope.callForLong("integers_are_exact") != 1) {
                return new Found(false, false);
            }
            // A plain loop takes some ten times as long.
            return new Found(true, fastest(scope) < 2 * fastestOfFloats());
        } catch (KernelException noneOnThisMachine) {
            return new Found(false, false);
        }
    }

    private static long fastestOfFloats() {
        try (Kernels floats = Kernels.load(CpuPaths.DEFAULT);
                MemoryScope scope = floats.openScope()) {
            return fastest(scope);
        }
    }

    /** The calling thread's own time: on a busy machine a product waits for much longer than it takes, now these and now those. */
    private static long fastest(MemoryScope scope) {
        Tensor codes = zeros(scope, PROBED_TOKENS);
        Tensor weight = zeros(scope, PROBED_WIDTH);
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < PROBES; i++) {
            long start = THREADS.getCurrentThreadCpuTime();
            scope.call("rounded_product", codes, weight).free();
            fastest = Math.min(fastest, THREADS.getCurrentThreadCpuTime() - start);
        }
        return fastest;
    }

    private static Tensor zeros(MemoryScope scope, int rows) {
        float[] values = new float[rows * PROBED_WIDTH];
        return TensorKernels.cast(scope, TensorKernels.ofFloats(scope, values, rows, PROBED_WIDTH), DType.I8);
    }
}
