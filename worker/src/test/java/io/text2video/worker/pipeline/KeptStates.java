package io.text2video.worker.pipeline;

import io.text2video.worker.state.Checkpoints;
import io.text2video.worker.state.GenerationState;
import io.text2video.worker.state.SavedState;
import io.text2video.worker.state.UnusableStateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;

/** Keeps every state as bytes, every fifth step, and ends the generation after a given one. */
final class KeptStates implements Checkpoints, StepListener {
    static final int EVERY = 5;

    final Map<String, NavigableMap<Integer, byte[]>> files = new TreeMap<>();
    final List<Integer> resumed = new ArrayList<>();
    final List<UnusableStateException> refused = new ArrayList<>();
    final List<Integer> told = new ArrayList<>();
    private int stopAfter = Integer.MAX_VALUE;
    private int dieAfter = Integer.MAX_VALUE;

    /** The next generation is to end after that step, and its state is wanted. */
    KeptStates stopAfter(int step) {
        stopAfter = step;
        dieAfter = step;
        told.clear();
        return this;
    }

    /** The next generation ends after that step. */
    KeptStates dieAfter(int step) {
        stopAfter(Integer.MAX_VALUE);
        dieAfter = step;
        return this;
    }

    /** Of the one computation that there is. */
    NavigableMap<Integer, byte[]> only() {
        return files.values().iterator().next();
    }

    @Override
    public Optional<SavedState> newest(String computation, int below) {
        return Optional.ofNullable(
                        files.getOrDefault(computation, new TreeMap<>()).lowerEntry(below))
                .map(state -> new SavedState("state " + state.getKey(), state.getKey(), state.getValue()));
    }

    @Override
    public void resumed(int step, int steps) {
        resumed.add(step);
    }

    @Override
    public void refused(SavedState state, UnusableStateException reason) {
        refused.add(reason);
    }

    @Override
    public boolean isDue(int step, int steps) {
        return step % EVERY == 0 || step == steps || step >= stopAfter;
    }

    @Override
    public void save(GenerationState state) {
        files.computeIfAbsent(state.computation(), absent -> new TreeMap<>()).put(state.step(), state.toBytes());
    }

    @Override
    public void onStep(int step, int steps) {
        told.add(step);
        if (step >= dieAfter) {
            throw new CancellationException("stopped after step " + step);
        }
    }
}
