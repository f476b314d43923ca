package io.text2video.worker.state;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.model.StepCache;
import io.text2video.worker.scheduler.Trajectory;
import io.text2video.worker.weights.SafetensorsWriter.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands over a generation's states as they fall due. Where steps are reused, what they reuse takes a hundred times the room
 * of the latents: kept instead is the state from before the last step that was computed, which whoever goes on computes once
 * more, to the same result.
 */
public final class StateKeeper {
    private final Checkpoints checkpoints;
    private final String computation;
    private final Trajectory trajectory;
    private final StepCache cache;

    /** From before the step that runs, where steps are reused. */
    private GenerationState before;

    /** From before the last step that was computed, where steps are reused. */
    private GenerationState restart;

    /** The step of the last one that was handed over, or that the generation goes on from. */
    private int kept;

    /** @param from after how many steps the generation begins */
    public StateKeeper(Checkpoints checkpoints, String computation, Trajectory trajectory, StepCache cache, int from) {
        this.checkpoints = checkpoints;
        this.computation = computation;
        this.trajectory = trajectory;
        this.cache = cache;
        this.kept = from;
    }

    /** @param done steps */
    public void beforeStep(MemoryScope scope, int done, Tensor latents) {
        if (checkpoints != Checkpoints.NONE && cache != StepCache.NONE) {
            before = state(scope, done, latents);
        }
    }

    /** The step is taken. */
    public void afterStep(MemoryScope scope, int done, Tensor latents) {
        if (before != null && cache.reusedSteps() == before.reusedSteps()) {
            restart = before;
        }
        keepIfDue(scope, done, latents);
    }

    /** Again, where it was not due a moment ago. */
    public void keepIfDue(MemoryScope scope, int done, Tensor latents) {
        if (done == kept || !checkpoints.isDue(done, trajectory.length())) {
            return;
        }
        boolean last = done == trajectory.length();
        GenerationState state = restart == null || last ? state(scope, done, latents) : restart;
        // Nothing can be gone on from before the first step that is not as fast begun anew.
        if (state.step() > kept) {
            kept = state.step();
            checkpoints.save(state);
        }
    }

    private GenerationState state(MemoryScope scope, int done, Tensor latents) {
        List<Entry> memory = new ArrayList<>();
        if (done < trajectory.length()) {
            for (Tensor tensor : trajectory.memory()) {
                memory.add(GenerationState.entry(scope, GenerationStateFile.memory(memory.size()), tensor));
            }
        }
        return new GenerationState(
                computation,
                done,
                trajectory.length(),
                cache.reusedSteps(),
                GenerationState.entry(scope, GenerationStateFile.LATENTS, latents),
                memory);
    }
}
