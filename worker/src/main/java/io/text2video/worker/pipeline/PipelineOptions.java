package io.text2video.worker.pipeline;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.device.Gpus;
import io.text2video.worker.kernels.CpuFeatures;
import io.text2video.worker.kernels.CpuPathChoice;
import io.text2video.worker.plan.GpuMachine;
import io.text2video.worker.plan.Host;
import io.text2video.worker.plan.Machine;
import io.text2video.worker.plan.MemoryPlanner;
import io.text2video.worker.plan.MemorySize;
import io.text2video.worker.plan.PlannedModel;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.quantization.Quantization;
import java.io.IOException;
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
 * @param cpuPaths how the ways of the CPU are chosen
 */
public record PipelineOptions(
        Optional<ComputeType> computeType,
        Optional<Quantization> quantization,
        boolean vaeTiling,
        Optional<MemorySize> memory,
        DeviceChoice device,
        CpuPathChoice cpuPaths) {
    public static final PipelineOptions DEFAULT = new PipelineOptions(Optional.empty(), Optional.empty(), false);

    /** On the CPU, in its default ways. */
    public PipelineOptions(
            Optional<ComputeType> computeType,
            Optional<Quantization> quantization,
            boolean vaeTiling,
            Optional<MemorySize> memory) {
        this(computeType, quantization, vaeTiling, memory, DeviceChoice.CPU, CpuPathChoice.DEFAULT);
    }

    /** On the CPU, with as much memory as there is. */
    public PipelineOptions(Optional<ComputeType> computeType, Optional<Quantization> quantization, boolean vaeTiling) {
        this(computeType, quantization, vaeTiling, Optional.empty());
    }

    /** The same on another device. */
    public PipelineOptions on(DeviceChoice other) {
        return new PipelineOptions(computeType, quantization, vaeTiling, memory, other, cpuPaths);
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
     */
    public ComputeType computeType(CheckpointFiles files) throws UnfitComputeTypeException {
        return ComputeTypeChoice.of(files, this);
    }

    /**
     * Plans generations of a checkpoint that is loaded so.
     *
     * @throws io.text2video.worker.quantization.QuantizationConflictException when its weights are quantized otherwise
     * @throws UnfitComputeTypeException when its values do not fit what is to be computed in
     */
    public MemoryPlanner planner(CheckpointFiles files) throws IOException {
        return planner(files, machine());
    }

    /** Whose memory its generations take. */
    public Machine machine() {
        if (!device.first().isCuda()) {
            return Host.thisMachine(memory);
        }
        return memory.map(size -> GpuMachine.limited(size, "--memory"))
                .or(() -> device.gpus().stream()
                        .findFirst()
                        .flatMap(Gpus::memory)
                        .map(there -> GpuMachine.present(device.first().toString(), there.free(), there.total())))
                .orElseGet(() -> GpuMachine.unknown(device.first().toString()));
    }

    /** The same for another machine than {@link #machine}, which need not be there. */
    public MemoryPlanner planner(CheckpointFiles files, Machine machine) throws IOException {
        return planner(files, LoadingPlan.of(files, this), machine);
    }

    MemoryPlanner planner(CheckpointFiles files, LoadingPlan loading, Machine machine) {
        PlannedModel model = PlannedModel.of(files, loading.computeType().dtype(), loading.quantization());
        Rung start = vaeTiling ? Rung.WHOLE.with(Saving.VAE_TILES) : Rung.WHOLE;
        // Of two GPUs each draws one of the two.
        return new MemoryPlanner(
                model, device.devices().size() > 1 ? start.with(Saving.GUIDANCE_PASSES) : start, machine);
    }
}
