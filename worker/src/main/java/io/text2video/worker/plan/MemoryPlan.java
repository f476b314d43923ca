package io.text2video.worker.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How a generation runs, and what that takes.
 *
 * @param ladder ways to run it, from the fastest to the smallest; each next one takes less
 * @param chosen which of them, from 0
 */
public record MemoryPlan(PlannedVideo video, MemoryBudget budget, List<Way> ladder, int chosen) {
    public MemoryPlan {
        ladder = List.copyOf(ladder);
    }

    /**
     * One way to run it.
     *
     * @param stages in their order, of the memory that is planned
     * @param host where that is a GPU's, what the same stages take of the machine's beside it; else none
     */
    public record Way(Rung rung, List<StageMemory> stages, List<StageMemory> host) {
        public Way {
            stages = List.copyOf(stages);
            host = List.copyOf(host);
        }

        /** On the CPU. */
        public Way(Rung rung, List<StageMemory> stages) {
            this(rung, stages, List.of());
        }

        /** Whether the memory that is planned is a GPU's. */
        public boolean onGpu() {
            return !host.isEmpty();
        }

        /** What a stage takes. */
        StageMemory of(Stage stage) {
            return stages.get(stage.ordinal());
        }

        /** Whether no stage takes more than in another way. */
        boolean staysBelow(Way other) {
            return stages.stream()
                    .allMatch(stage -> stage.total() <= other.of(stage.stage()).total());
        }

        /** The stage that takes the most. */
        public StageMemory fullest() {
            return stages.stream()
                    .max(Comparator.comparingLong(StageMemory::total))
                    .orElseThrow();
        }

        /** The largest resident set, or the most that is taken of the GPU, in bytes. */
        public long peak() {
            return fullest().total();
        }

        /** The most of it that the system cannot take back. */
        public long held() {
            return stages.stream().mapToLong(StageMemory::held).max().orElseThrow();
        }
    }

    public Way way() {
        return ladder.get(chosen);
    }

    public Rung rung() {
        return way().rung();
    }

    /** The next way down; empty where there is none. */
    public Optional<Way> next() {
        return chosen + 1 < ladder.size() ? Optional.of(ladder.get(chosen + 1)) : Optional.empty();
    }

    /** The same generation by the next way down. */
    public Optional<MemoryPlan> lower() {
        return next().map(way -> new MemoryPlan(video, budget, ladder, chosen + 1));
    }

    /** Why this rung, in a sentence. */
    public String reason() {
        if (way().peak() > budget.bytes()) {
            return "nothing takes less, and what exceeds %s %s memory that others hold now"
                    .formatted(budget, way().onGpu() ? "is" : "are mapped weights, or");
        }
        return chosen == 0
                ? "it is the fastest, and fits in %s".formatted(budget)
                : "of what fits in %s it is the fastest".formatted(budget);
    }
}
