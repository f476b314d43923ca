package io.text2video.worker.pipeline;

import io.text2video.common.model.ModelLimits;
import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.device.Gpus;
import io.text2video.worker.kernels.CpuFeatures;
import io.text2video.worker.plan.Gpu;
import io.text2video.worker.plan.Host;
import io.text2video.worker.plan.Machine;
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
 * @param computeType empty for what suits the device best: fp32 on a CPU, on a GPU what the transformer is published in
 * @param quantization empty for what the checkpoint says of itself: none, unless it was written by {@code quantize}
 * @param vaeTiling whether the VAE works in tiles, as diffusers' {@code vae.enable_tiling()}: less memory, slightly other
 *     pixels
 * @param memory the most that a generation may take, of the GPU's memory where one computes; empty for what there is
 * @param device where it runs
 */
public record PipelineOptions(
        Optional<ComputeType> computeType,
        Optional<Quantization> quantization,
        boolean vaeTiling,
        Optional<MemorySize> memory,
        DeviceChoice device) {
    public static final PipelineOptions DEFAULT = new PipelineOptions(Optional.empty(), Optional.empty(), false);

    /** On the CPU. */
    public PipelineOptions(
            Optional<ComputeType> computeType,
            Optional<Quantization> quantization,
            boolean vaeTiling,
            Optional<MemorySize> memory) {
        this(computeType, quantization, vaeTiling, memory, DeviceChoice.CPU);
    }

    /** On the CPU, with as much memory as there is. */
    public PipelineOptions(Optional<ComputeType> computeType, Optional<Quantization> quantization, boolean vaeTiling) {
        this(computeType, quantization, vaeTiling, Optional.empty());
    }

    /** The same on another device. */
    public PipelineOptions on(DeviceChoice other) {
        return new PipelineOptions(computeType, quantization, vaeTiling, memory, other);
    }

    /** What speaks against the compute type that is asked for; a GPU that cannot have it is refused at load. */
    public Optional<String> warning() {
        return computeType
                .filter(type -> !device.first().isCuda())
                .flatMap(type -> type.warning(CpuFeatures.ofThisMachine()));
    }

    /**
     * What a checkpoint that is loaded so computes in.
     *
     * @throws UnfitComputeTypeException when its values or the device do not fit what is asked for
     * @throws IOException when the transformer's weights cannot be read
     */
    public ComputeType computeType(Path modelDirectory) throws IOException {
        return ComputeTypeChoice.of(modelDirectory, this);
    }

    /**
     * Plans generations of a checkpoint that is loaded so.
     *
     * @param limits of the model
     * @throws IOException when a file is missing, malformed or cannot be read
     */
    public MemoryPlanner planner(Path modelDirectory, ModelLimits limits) throws IOException {
        return planner(modelDirectory, limits, machine());
    }

    /** Whose memory its generations take. */
    public Machine machine() {
        if (!device.first().isCuda()) {
            return Host.thisMachine(memory);
        }
        return memory.map(size -> Gpu.limited(size, "--memory"))
                .or(() -> device.gpus().stream()
                        .findFirst()
                        .flatMap(Gpus::memory)
                        .map(there -> Gpu.present(device.first().toString(), there.free(), there.total())))
                .orElseGet(() -> Gpu.unknown(device.first().toString()));
    }

    /**
     * The same for another machine than {@link #machine}, which need not be there.
     *
     * @throws IOException when a file is missing, malformed or cannot be read
     */
    public MemoryPlanner planner(Path modelDirectory, ModelLimits limits, Machine machine) throws IOException {
        PlannedModel model = PlannedModel.read(
                modelDirectory,
                computeType(modelDirectory).dtype(),
                StorageChoice.of(modelDirectory, quantization),
                limits.imageRequired());
        return new MemoryPlanner(model, vaeTiling, machine);
    }
}
