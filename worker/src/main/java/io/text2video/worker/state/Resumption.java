package io.text2video.worker.state;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.model.LatentShape;
import io.text2video.worker.scheduler.Scheduler;
import java.util.Optional;

/**
 * Finds the state that a generation goes on from.
 *
 * @param dtype of its latents
 */
public record Resumption(Checkpoints checkpoints, Scheduler scheduler, DType dtype, LatentShape shape, int steps) {
    /** The usable state with the most steps; of one that is not usable the keeper is told. */
    public Optional<GenerationState> find(String computation) {
        int below = steps + 1;
        while (true) {
            Optional<SavedState> newest = checkpoints.newest(computation, below);
            if (newest.isEmpty()) {
                return Optional.empty();
            }
            SavedState saved = newest.get();
            try {
                return Optional.of(read(saved, computation));
            } catch (UnusableStateException e) {
                checkpoints.refused(saved, e);
                below = Math.min(below - 1, saved.step());
            }
        }
    }

    private GenerationState read(SavedState saved, String computation) throws UnusableStateException {
        GenerationState state = GenerationState.read(saved, computation);
        int remembered = state.isDenoised() ? 0 : scheduler.remembered(state.step());
        state.require(saved.name(), steps, dtype, shape.dimensions(), remembered);
        return state;
    }
}
