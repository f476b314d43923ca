package io.text2video.worker.plan;

import io.text2video.worker.plan.MemoryPlan.Way;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A machine that computes on one of its GPUs. Nothing is mapped there: weights are copied to it, and their files' pages are
 * the page cache's. The text encoder is too large to stay and little used: it always runs block by block, and only its
 * table of tokens stays. Every constant here is an assumption, as none was measured on a GPU yet.
 *
 * @param budget of the GPU's memory
 */
public record GpuMachine(MemoryBudget budget) implements Machine {
    /** CUDA's context with the kernels that were loaded; 400 to 500 MiB are told of other GPUs. Assumed. */
    public static final long CONTEXT = 500L << 20;

    /** cuBLAS takes 32 MiB on a Hopper and 8 elsewhere, cuBLASLt as much again. Assumed. */
    private static final long LINEAR_WORKSPACES = 64L << 20;

    /** What cuDNN takes to convolve features that lie as it wants them; where there is less, torch tries another way. Assumed. */
    private static final long CONVOLUTION_WORKSPACE = 256L << 20;

    /** What the allocator leaves unused between tensors, with expandable segments; of what they take. Assumed. */
    private static final double FRAGMENTS = 0.05;

    /** The process on the host: pages of CUDA's libraries and what the driver holds, beside what it is on a CPU. Assumed. */
    public static final long ON_HOST = Host.BASE + (1L << 30);

    /** Of what is free; the rest is for a screen, or whatever else grows meanwhile. */
    private static final double SHARE = 0.95;

    /**
     * A GPU of which so much may be taken. Tiles, which change pixels, are a way to save only here.
     *
     * @param option that says so, for people
     */
    public static GpuMachine limited(MemorySize size, String option) {
        return new GpuMachine(MemoryBudget.given(size, option));
    }

    /** A GPU whose driver does not tell its memory: nothing is saved beforehand. */
    public static GpuMachine unknown(String name) {
        return new GpuMachine(new MemoryBudget(Long.MAX_VALUE, Long.MAX_VALUE, false, "not told by " + name));
    }

    /**
     * A GPU that is there.
     *
     * @param name for people
     * @param free bytes that are free before this process has a context on it
     * @param total bytes of its memory
     */
    public static GpuMachine present(String name, long free, long total) {
        return new GpuMachine(new MemoryBudget((long) (SHARE * free), total, false, "free on " + name));
    }

    @Override
    public Set<Saving> savings() {
        Set<Saving> savings = EnumSet.of(
                Saving.FEED_FORWARD_SLICES,
                Saving.GUIDANCE_PASSES,
                Saving.COMPONENTS_BY_STAGE,
                Saving.TRANSFORMER_STREAMED);
        if (budget.given()) {
            savings.add(Saving.VAE_TILES);
        }
        return savings;
    }

    /** Never: encoding takes about a second there, and the memory of a block beside the generation's. */
    @Override
    public boolean encodesAhead() {
        return false;
    }

    @Override
    public Way way(PlannedModel model, PlannedVideo video, Rung rung) {
        Arithmetic arithmetic = Arithmetic.onGpu(model.compute());
        WorkingMemory working = WorkingMemory.of(model, video, rung, arithmetic);
        WeightMemory text = model.textEncoder();
        WeightMemory transformer = model.transformer();
        boolean byStage = rung.has(Saving.COMPONENTS_BY_STAGE);
        boolean streamed = rung.has(Saving.TRANSFORMER_STREAMED);
        long resting = streamed ? transformer.beside() : transformer.all();
        long running = resting + (streamed ? transformer.block() : 0) + video.loraBytes();
        long vae = model.vae(video).all();
        long keptTransformer = byStage ? 0 : resting + video.loraBytes();
        long keptVae = byStage ? 0 : vae;
        long keptText = byStage ? 0 : text.beside();
        long features = model.vae(video).widened(arithmetic) + CONVOLUTION_WORKSPACE;
        StageMemory encoding = stage(Stage.DENOISE, keptText + keptTransformer + vae, features + working.encoding());
        StageMemory steps = stage(
                Stage.DENOISE, keptText + running + keptVae, transformer.widened(arithmetic) + working.denoising());
        return new Way(
                rung,
                List.of(
                        stage(Stage.LOAD, byStage ? 0 : keptText + resting + vae, 0),
                        stage(
                                Stage.ENCODE,
                                keptTransformer + keptVae + text.beside() + text.block(),
                                text.widened(arithmetic) + working.textEncoding()),
                        video.encodedFrames() > 0 && encoding.total() > steps.total() ? encoding : steps,
                        stage(Stage.DECODE, keptText + keptTransformer + vae, features + working.decoding())),
                beside(model, video, rung));
    }

    private static StageMemory stage(Stage stage, long weights, long tensors) {
        long fragments = Math.round(FRAGMENTS * tensors);
        return new StageMemory(stage, CONTEXT + LINEAR_WORKSPACES, 0, weights, tensors + fragments);
    }

    /** What goes to the GPU more than once stays on the host, where it is not a file's pages. */
    private static List<StageMemory> beside(PlannedModel model, PlannedVideo video, Rung rung) {
        boolean byStage = rung.has(Saving.COMPONENTS_BY_STAGE);
        boolean again = byStage || rung.has(Saving.TRANSFORMER_STREAMED);
        long mapped = model.textEncoder().mapped()
                + model.transformer().mapped()
                + model.vae(video).mapped();
        long own = model.textEncoder().own()
                + (again ? model.transformer().own() : 0)
                + (byStage ? model.vae(video).own() : 0);
        return List.of(
                new StageMemory(Stage.LOAD, ON_HOST, mapped, own, 0),
                new StageMemory(Stage.ENCODE, ON_HOST, mapped, own, 0),
                new StageMemory(Stage.DENOISE, ON_HOST, mapped, own, 0),
                new StageMemory(Stage.DECODE, ON_HOST, mapped, own, Host.frames(video)));
    }
}
