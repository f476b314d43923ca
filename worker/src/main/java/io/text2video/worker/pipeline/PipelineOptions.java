package io.text2video.worker.pipeline;

import io.text2video.common.model.ModelLimits;
import io.text2video.worker.kernels.CpuPathChoice;
import io.text2video.worker.plan.MemoryPlanner;
import io.text2video.worker.plan.MemorySize;
import io.text2video.worker.plan.PlannedModel;
import io.text2video.worker.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a checkpoint is loaded and run, the same for all its generations.
 *
 * @param computeType empty for what suits the device best
 * @param quantization empty for what the checkpoint says of itself: none, unless it was written by {@code quantize}
 * @param vaeTiling whether the VAE works in tiles, as diffusers' {@code vae.enable_tiling()}: less memory, slightly other
 *     pixels
 * @param memory the most that a generation may take; empty for what there is, as {@link MemoryPlanner} finds it
 * @param cpuPaths how the ways of the CPU are chosen
 */
public record PipelineOptions(
        Optional<ComputeType> computeType,
        Optional<Quantization> quantization,
        boolean vaeTiling,
        Optional<MemorySize> memory,
        CpuPathChoice cpuPaths) {
    public static final PipelineOptions DEFAULT = new PipelineOptions(Optional.empty(), Optional.empty(), false);

    /** With as much memory as there is, and the CPU's default ways. */
    public PipelineOptions(Optional<ComputeType> computeType, Optional<Quantization> quantization, boolean vaeTiling) {
        this(computeType, quantization, vaeTiling, Optional.empty());
    }

    /** With the CPU's default ways. */
    public PipelineOptions(
            Optional<ComputeType> computeType,
            Optional<Quantization> quantization,
            boolean vaeTiling,
            Optional<MemorySize> memory) {
        this(computeType, quantization, vaeTiling, memory, CpuPathChoice.DEFAULT);
    }

    /**
     * Plans generations of a checkpoint that is loaded so.
     *
     * @param limits of the model
     * @throws IOException when a file is missing, malformed or cannot be read
     */
    public MemoryPlanner planner(Path modelDirectory, ModelLimits limits) throws IOException {
        PlannedModel model = PlannedModel.read(
                modelDirectory,
                ComputeTypeChoice.of(modelDirectory, this).dtype(),
                StorageChoice.of(modelDirectory, quantization),
                limits.imageRequired());
        return new MemoryPlanner(model, vaeTiling, memory);
    }
}
