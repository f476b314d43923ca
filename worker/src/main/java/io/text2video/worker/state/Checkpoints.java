package io.text2video.worker.state;

import java.util.Optional;

/**
 * Where a generation leaves its states, and finds what an earlier try has left. Called on the thread that generates, which
 * it must not keep waiting for more than it takes to copy a few megabytes, but for {@link #newest}.
 *
 * <p>A state belongs to a computation, 16 hex digits that stand for everything which decides the latents bit by bit: the
 * model, the parameters, how it is computed and by what. So two states of one computation and one step are the same bytes.
 */
public interface Checkpoints {
    /** Keeps nothing, and has nothing. */
    Checkpoints NONE = new Checkpoints() {
        @Override
        public Optional<SavedState> newest(String computation, int below) {
            return Optional.empty();
        }

        @Override
        public void resumed(int step, int steps) {}

        @Override
        public void refused(SavedState state, UnusableStateException reason) {}

        @Override
        public boolean isDue(int step, int steps) {
            return false;
        }

        @Override
        public void save(GenerationState state) {}
    };

    /**
     * The state to go on from. May wait for it.
     *
     * @param below that many steps are too many
     * @return the computation's one with the most steps, of those with fewer than {@code below}
     */
    Optional<SavedState> newest(String computation, int below);

    /** The generation goes on after so many steps. */
    void resumed(int step, int steps);

    /** What {@link #newest} gave is of no use; the generation asks for an earlier one. */
    void refused(SavedState state, UnusableStateException reason);

    /**
     * Whether a state is wanted now.
     *
     * @param step how many are done, from 1
     */
    boolean isDue(int step, int steps);

    /**
     * Takes a state. It may be of an earlier step than the one that is done, where steps are reused, but never of an
     * earlier one than the last.
     */
    void save(GenerationState state);
}
