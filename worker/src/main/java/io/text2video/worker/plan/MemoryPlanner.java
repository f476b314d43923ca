package io.text2video.worker.plan;

import io.text2video.worker.plan.MemoryPlan.Way;
import io.text2video.worker.quantization.Quantization;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Plans how a model's generations run. A ladder leads down from the fastest way: each rung saves, in the stage that takes
 * the most, by the cheapest means that helps there and is not yet in use; where none is left it ends. The first rung that fits
 * into the budget is taken.
 */
public final class MemoryPlanner {
    /** A rung has to take off so much of its stage, or it is not worth its price. */
    private static final double LEAST_SAVED = 0.01;

    private final PlannedModel model;
    private final Rung start;
    private final Machine machine;

    /**
     * @param start what is saved in any case
     * @param machine whose memory is planned
     */
    public MemoryPlanner(PlannedModel model, Rung start, Machine machine) {
        this.model = model;
        this.start = start;
        this.machine = machine;
    }

    /**
     * Plans a generation.
     *
     * @throws InsufficientMemoryException when it does not fit however it runs
     */
    public MemoryPlan plan(PlannedVideo video) {
        MemoryBudget budget = machine.budget();
        List<Way> ladder = ladder(video);
        for (int i = 0; i < ladder.size(); i++) {
            if (ladder.get(i).peak() <= budget.bytes()) {
                return new MemoryPlan(video, budget, ladder, i);
            }
        }
        Way last = ladder.get(ladder.size() - 1);
        if (!budget.admits(last.peak(), last.held())) {
            throw refusal(video, budget, last);
        }
        return new MemoryPlan(video, budget, ladder, ladder.size() - 1);
    }

    /** Whether a generation's prompts are to be encoded while another one runs that has room for it. */
    public boolean encodesAhead() {
        return machine.encodesAhead();
    }

    /** All ways to run a generation, from the fastest to the smallest. */
    public List<Way> ladder(PlannedVideo video) {
        Set<Saving> means = EnumSet.copyOf(machine.savings());
        if (video.cached()) {
            // The cache judges prompt and negative prompt as one.
            means.remove(Saving.GUIDANCE_PASSES);
        }
        if (video.loraBytes() > 0) {
            // What LoRAs add is beside weights that are held.
            means.remove(Saving.TRANSFORMER_STREAMED);
        }
        Rung first = video.cached() ? start.without(Saving.GUIDANCE_PASSES) : start;
        List<Way> ladder = new ArrayList<>(List.of(way(video, first)));
        Optional<Way> next = lower(video, ladder.get(0), means);
        while (next.isPresent()) {
            ladder.add(next.get());
            next = lower(video, next.get(), means);
        }
        return ladder;
    }

    /** What a generation takes that runs in one way. */
    public Way way(PlannedVideo video, Rung rung) {
        return machine.way(model, video, rung);
    }

    private Optional<Way> lower(PlannedVideo video, Way way, Set<Saving> means) {
        StageMemory fullest = way.fullest();
        long enough = Math.round((1 - LEAST_SAVED) * fullest.total());
        return means.stream()
                .filter(saving -> !way.rung().has(saving))
                .flatMap(saving -> rungs(way.rung(), saving))
                .map(rung -> way(video, rung))
                .filter(lower -> lower.of(fullest.stage()).total() <= enough && lower.staysBelow(way))
                .findFirst();
    }

    /** Streaming saves so much that it may do alone, and where weights go to the GPU at each pass, a second one is dear. */
    private static Stream<Rung> rungs(Rung rung, Saving saving) {
        Rung all = rung.with(saving);
        return saving == Saving.TRANSFORMER_STREAMED
                ? Stream.of(all.without(Saving.GUIDANCE_PASSES).without(Saving.FEED_FORWARD_SLICES), all)
                : Stream.of(all);
    }

    private InsufficientMemoryException refusal(PlannedVideo video, MemoryBudget budget, Way last) {
        return new InsufficientMemoryException(
                "%dx%d with %d frames needs %s of %s, most of it to %s, and there are %s; ask for a smaller size or fewer frames%s"
                        .formatted(
                                video.width(),
                                video.height(),
                                video.numFrames(),
                                MemorySize.text(budget.given() ? last.peak() : last.held()),
                                last.onGpu() ? "GPU memory" : "memory",
                                last.fullest().stage().label(),
                                MemorySize.text(budget.most()),
                                wayOut(last.rung())));
    }

    private String wayOut(Rung smallest) {
        String tiles = smallest.has(Saving.VAE_TILES) ? "" : ", let the VAE work in tiles (--vae-tiling)";
        return tiles
                + (model.quantization().equals(Quantization.NONE)
                        ? ", or keep weights in a byte each (--quantization int8)"
                        : "");
    }
}
