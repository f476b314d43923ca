package io.text2video.worker.pipeline;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.plan.MemoryPlanner;
import io.text2video.worker.plan.MemorySize;
import io.text2video.worker.plan.PlannedModel;
import io.text2video.worker.quantization.Quantization;
import java.io.IOException;
import java.util.Optional;

/**
 * How a checkpoint is loaded and run, the same for all its generations.
 *
 * @param computeType empty for what suits the device best
 * @param quantization empty for what the checkpoint says of itself: none, unless it was written by {@code quantize}
 * @param vaeTiling whether the VAE works in tiles, as diffusers' {@code vae.enable_tiling()}: less memory, slightly other
 *     pixels
 * @param memory the most that a generation may take; empty for what there is, as {@link MemoryPlanner} finds it
 */
public record PipelineOptions(
        Optional<ComputeType> computeType,
        Optional<Quantization> quantization,
        boolean vaeTiling,
        Optional<MemorySize> memory) {
    public static final PipelineOptions DEFAULT = new PipelineOptions(Optional.empty(), Optional.empty(), false);

    /** With as much memory as there is. */
    public PipelineOptions(Optional<ComputeType> computeType, Optional<Quantization> quantization, boolean vaeTiling) {
        this(computeType, quantization, vaeTiling, Optional.empty());
    }

    /**
     * Plans generations of a checkpoint that is loaded so.
     *
     * @throws io.text2video.worker.quantization.QuantizationConflictException when its weights are quantized otherwise
     * @throws UnfitComputeTypeException when its values do not fit what is to be computed in
     */
    public MemoryPlanner planner(CheckpointFiles files) throws IOException {
        return planner(files, LoadingPlan.of(files, this));
    }

    MemoryPlanner planner(CheckpointFiles files, LoadingPlan loading) {
        PlannedModel model = PlannedModel.of(files, loading.computeType().dtype(), loading.quantization());
        return new MemoryPlanner(model, vaeTiling, memory);
    }
}
