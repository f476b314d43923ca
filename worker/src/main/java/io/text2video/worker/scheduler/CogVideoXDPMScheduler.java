package io.text2video.worker.scheduler;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.scheduler.NoiseSchedule.Transition;
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
    List<DpmStep> steps(Steps wanted) {
        List<DpmStep> steps = new ArrayList<>();
        Transition before = null;
        for (Transition transition : schedule.transitions(wanted)) {
            steps.add(step(before, transition));
            before = transition;
        }
        return steps;
    }

    @Override
    public Trajectory start(MemoryScope parent, Steps wanted, NoiseSource noise) {
        return new Path(parent.open(), steps(wanted), noise);
    }

    @Override
    public int remembered(int done) {
        return 1;
    }

    /** Half of the logarithm of the signal-to-noise ratio: −∞ where there is no signal, ∞ where there is no noise. */
    private static double lambda(double alpha) {
        return Math.log(Math.sqrt(alpha / (1 - alpha)));
    }

    /** @param before the step before; null for the first */
    private DpmStep step(Transition before, Transition transition) {
        int timestep = transition.timestep();
        double alpha = schedule.alpha(timestep);
        double alphaNext = schedule.alpha(transition.next());
        double h = lambda(alphaNext) - lambda(alpha);
        boolean secondOrder = before != null && transition.next() >= 0;
        double r = secondOrder ? (lambda(alpha) - lambda(schedule.alpha(before.timestep()))) / h : 1;
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
        public Tensor clean(MemoryScope out, int index, Tensor sample, Tensor output) {
            return steps.get(index).prediction().clean(out, sample, output);
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
