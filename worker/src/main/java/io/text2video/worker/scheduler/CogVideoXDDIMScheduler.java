package io.text2video.worker.scheduler;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.scheduler.NoiseSchedule.Transition;
import java.util.List;

/**
 * DDIM (arXiv:2010.02502) with a shifted, zero-terminal-SNR schedule. It adds no noise: the reference takes an
 * {@code eta} and makes no use of it.
 *
 * <p>Source: diffusers 0.39, {@code schedulers/scheduling_ddim_cogvideox.py}.
 */
final class CogVideoXDDIMScheduler implements Scheduler {
    private final NoiseSchedule schedule;

    CogVideoXDDIMScheduler(NoiseSchedule schedule) {
        this.schedule = schedule;
    }

    @Override
    public double[] alphasCumprod() {
        return schedule.alphasCumprod();
    }

    @Override
    public Trajectory start(MemoryScope parent, Steps wanted, NoiseSource noise) {
        List<DdimStep> steps = steps(wanted);
        return new Trajectory() {
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
                return steps.get(index).apply(out, sample, output);
            }

            @Override
            public Tensor clean(MemoryScope out, int index, Tensor sample, Tensor output) {
                return steps.get(index).prediction().clean(out, sample, output);
            }

            @Override
            public List<Tensor> memory() {
                return List.of();
            }

            @Override
            public void resume(int done, List<Tensor> memory, long... shape) {
                // A step depends on its index and its sample alone.
            }

            @Override
            public void close() {
                // It remembers nothing.
            }
        };
    }

    @Override
    public int remembered(int done) {
        return 0;
    }

    /** The steps of a generation, from the noisiest. */
    List<DdimStep> steps(Steps wanted) {
        return schedule.transitions(wanted).stream().map(this::step).toList();
    }

    private DdimStep step(Transition transition) {
        int timestep = transition.timestep();
        double alpha = schedule.alpha(timestep);
        double alphaNext = schedule.alpha(transition.next());
        double keep = Math.sqrt((1 - alphaNext) / (1 - alpha));
        double add = Math.sqrt(alphaNext) - Math.sqrt(alpha) * keep;
        return new DdimStep(timestep, schedule.prediction(timestep), keep, add);
    }
}
