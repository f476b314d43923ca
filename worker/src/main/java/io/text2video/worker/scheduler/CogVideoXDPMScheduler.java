package io.text2video.worker.scheduler;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The SDE variant of DPM-Solver++(2M) (arXiv:2211.01095) with a shifted, zero-terminal-SNR schedule.
 *
 * <p>Source: diffusers 0.39, {@code schedulers/scheduling_dpm_cogvideox.py}.
 */
final class CogVideoXDPMScheduler implements Scheduler {
    private final NoiseSchedule schedule;

    CogVideoXDPMScheduler(NoiseSchedule schedule) {
        this.schedule = schedule;
    }

    @Override
    public double[] alphasCumprod() {
        return schedule.alphasCumprod();
    }

    /** The steps of a generation, from the noisiest. */
    List<DpmStep> steps(int count) {
        int stride = schedule.stride(count);
        int[] timesteps = schedule.timesteps(count);
        List<DpmStep> steps = new ArrayList<>();
        for (int i = 0; i < timesteps.length; i++) {
            int next = timesteps[i] - stride;
            boolean secondOrder = i > 0 && next >= 0;
            steps.add(step(timesteps[i], next, secondOrder, secondOrder ? timesteps[i - 1] : 0));
        }
        return steps;
    }

    @Override
    public Trajectory start(MemoryScope parent, int count, NoiseSource noise) {
        return new Path(parent.open(), steps(count), noise);
    }

    @Override
    public int remembered(int done) {
        return 1;
    }

    /** Half of the logarithm of the signal-to-noise ratio: −∞ where there is no signal, ∞ where there is no noise. */
    private static double lambda(double alpha) {
        return Math.log(Math.sqrt(alpha / (1 - alpha)));
    }

    private DpmStep step(int timestep, int next, boolean secondOrder, int back) {
        double alpha = schedule.alpha(timestep);
        double alphaNext = schedule.alpha(next);
        double h = lambda(alphaNext) - lambda(alpha);
        double r = secondOrder ? (lambda(alpha) - lambda(schedule.alpha(back))) / h : 1;
        return new DpmStep(
                timestep,
                schedule.prediction(timestep),
                Math.sqrt((1 - alphaNext) / (1 - alpha)) * Math.exp(-h),
                -Math.expm1(-2 * h) * Math.sqrt(alphaNext),
                Math.sqrt(1 - alphaNext) * Math.sqrt(1 - Math.exp(-2 * h)),
                secondOrder,
                1 + 1 / (2 * r),
                1 / (2 * r));
    }

    /** Remembers the x0 of one step for the next. */
    private static final class Path implements Trajectory {
        private final MemoryScope scope;
        private final List<DpmStep> steps;
        private final NoiseSource noise;
        private List<Tensor> earlier = List.of();

        Path(MemoryScope scope, List<DpmStep> steps, NoiseSource noise) {
            this.scope = scope;
            this.steps = steps;
            this.noise = noise;
        }

        @Override
        public int length() {
            return steps.size();
        }

        @Override
        public int timestep(int index) {
            return steps.get(index).timestep();
        }

        @Override
        public Tensor step(MemoryScope out, int index, Tensor sample, Tensor output) {
            DpmStep step = steps.get(index);
            Tensor clean = step.prediction().clean(scope, sample, output);
            Tensor next = step.apply(out, sample, clean, earlier, noise);
            earlier.forEach(Tensor::free);
            earlier = List.of(clean);
            return next;
        }

        @Override
        public List<Tensor> memory() {
            return earlier;
        }

        @Override
        public void resume(int done, List<Tensor> memory, long... shape) {
            for (DpmStep step : steps.subList(0, done)) {
                step.drawAgain(scope, noise, shape);
            }
            memory.forEach(scope::adopt);
            earlier = List.copyOf(memory);
        }

        @Override
        public void close() {
            scope.close();
        }
    }
}
