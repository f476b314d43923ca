package io.text2video.worker.plan;

import io.text2video.worker.plan.MemoryPlan.Way;
import io.text2video.worker.quantization.Quantization;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Plans how a model's generations run. A ladder leads down from the fastest way: each rung saves, in the stage that takes
 * the most, by the cheapest means that helps there and is not yet in use; where none is left it ends. The first rung that
 * fits into the budget is taken.
 */
public final class MemoryPlanner {
    /** A rung has to take off so much of its stage, or it is not worth its price. */
    private static final double LEAST_SAVED = 0.01;

    private final PlannedModel model;
    private final Rung start;
    private final Optional<MemorySize> memory;

    /**
     * @param tiled whether the VAE works in tiles in any case
     * @param memory a generation's most; empty for what the container or machine has as each is planned. Tiles, which
     *     change pixels, are a rung of the ladder only where it is given
     */
    public MemoryPlanner(PlannedModel model, boolean tiled, Optional<MemorySize> memory) {
        this.model = model;
        this.start = tiled ? Rung.WHOLE.with(Saving.VAE_TILES) : Rung.WHOLE;
        this.memory = memory;
    }

    /**
     * Plans a generation.
     *
     * @throws InsufficientMemoryException when it does not fit however it runs
     */
    public MemoryPlan plan(PlannedVideo video) {
        MemoryBudget budget = MemoryBudget.of(memory);
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

    /** All ways to run a generation, from the fastest to the smallest. */
    List<Way> ladder(PlannedVideo video) {
        Set<Saving> left = EnumSet.allOf(Saving.class);
        if (memory.isEmpty()) {
            left.remove(Saving.VAE_TILES);
        }
        if (video.cached()) {
            // The cache judges prompt and negative prompt as one.
            left.remove(Saving.GUIDANCE_PASSES);
        }
        left.removeAll(start.savings());
        List<Way> ladder = new ArrayList<>(List.of(way(video, start)));
        Optional<Way> next = lower(video, ladder.get(0), left);
        while (next.isPresent()) {
            ladder.add(next.get());
            left.removeAll(next.get().rung().savings());
            next = lower(video, next.get(), left);
        }
        return ladder;
    }

    /** What a generation takes that runs in one way. */
    public Way way(PlannedVideo video, Rung rung) {
        Extent extent = model.extent(video.height(), video.width(), video.numFrames());
        int bytes = model.bytesPerValue();
        WorkingMemory working = WorkingMemory.of(extent, bytes, video.guided(), video.cached(), rung);
        long image = video.fromImage() ? WorkingMemory.imageEncoding(extent, bytes, rung) : 0;
        WeightMemory text = model.textEncoder();
        WeightMemory transformer = model.transformer();
        WeightMemory vae = model.vae();
        boolean released = rung.has(Saving.TEXT_ENCODER_RELEASED);
        long othersMapped = transformer.mapped() + vae.mapped();
        long others = transformer.own() + vae.own() + video.loraBytes();
        long keptMapped = othersMapped + (released ? 0 : text.mapped());
        long kept = others + (released ? 0 : text.own());
        long encoding = text.widened() + working.textEncoding();
        // A worker encodes the next job's prompts while this one runs.
        long ahead = released ? 0 : encoding;
        return new Way(
                rung,
                List.of(
                        stage(Stage.LOAD, 0, kept - video.loraBytes(), 0),
                        stage(Stage.ENCODE, othersMapped + text.mapped(), others + text.own(), encoding),
                        stage(
                                Stage.DENOISE,
                                keptMapped,
                                kept,
                                Math.max(transformer.widened() + working.denoising(), vae.widened() + image) + ahead),
                        stage(
                                Stage.DECODE,
                                keptMapped,
                                kept,
                                vae.widened() + working.decoding() + ProcessMemory.frames(extent) + ahead)));
    }

    private Optional<Way> lower(PlannedVideo video, Way way, Set<Saving> left) {
        StageMemory fullest = way.fullest();
        long enough = Math.round((1 - LEAST_SAVED) * fullest.total());
        return left.stream()
                .map(saving -> way(video, way.rung().with(saving)))
                .filter(lower -> lower.stages().get(fullest.stage().ordinal()).total() <= enough)
                .findFirst();
    }

    private static StageMemory stage(Stage stage, long mapped, long weights, long tensors) {
        return new StageMemory(stage, ProcessMemory.BASE, mapped, weights, ProcessMemory.working(stage, tensors));
    }

    private InsufficientMemoryException refusal(PlannedVideo video, MemoryBudget budget, Way last) {
        return new InsufficientMemoryException(
                "%dx%d with %d frames needs %s of memory, most of it to %s, and there are %s; ask for a smaller size or fewer frames%s"
                        .formatted(
                                video.width(),
                                video.height(),
                                video.numFrames(),
                                MemorySize.text(budget.given() ? last.peak() : last.held()),
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
