package io.text2video.worker.pipeline;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.kernels.CpuPathChoice;
import io.text2video.worker.kernels.Device;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.ProbeSizes;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.Quantization;
import io.text2video.worker.quantization.QuantizationConflictException;
import io.text2video.worker.quantization.Scheme;
import io.text2video.worker.quantization.WeightStorage;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a checkpoint is loaded: as its files say, or as asked for.
 *
 * @param computeType what weights are converted to and the networks compute in
 * @param storage how each component's weights are kept
 * @param device where they are
 * @param cpuPaths how the ways of the CPU are chosen
 * @param sizes that they are timed at
 */
record LoadingPlan(
        ComputeType computeType,
        Map<Component, WeightStorage> storage,
        DeviceChoice device,
        CpuPathChoice cpuPaths,
        ProbeSizes sizes) {
    /**
     * Decides by the headers alone, as {@link ComputeTypeChoice} does what is computed in.
     *
     * @throws UnfitComputeTypeException when its values or the device do not fit what is asked for
     * @throws QuantizationConflictException when the files are quantized by another scheme than is asked for. int8 and
     *     int8wo have the same weights, so each serves the other.
     */
    static LoadingPlan of(CheckpointFiles files, PipelineOptions options) throws IOException {
        Map<Component, WeightStorage> storage = new EnumMap<>(Component.class);
        for (Component component : Component.values()) {
            storage.put(component, storage(files, component, options.quantization()));
        }
        return new LoadingPlan(
                ComputeTypeChoice.of(files, options),
                storage,
                options.device(),
                options.cpuPaths(),
                ProbedSizes.of(files));
    }

    /** Loads the kernels of one of the devices, in the ways that suit it. */
    Kernels load(Device device) {
        return device.isCuda() ? this.device.load(device) : Kernels.load(cpuPaths, sizes, computeType.dtype());
    }

    /** What is quantized by which scheme, in the files or as they are loaded. */
    Quantization quantization() {
        return new Quantization(
                storage.get(Component.TEXT_ENCODER).scheme(),
                storage.get(Component.TRANSFORMER).scheme(),
                storage.get(Component.VAE).scheme());
    }

    /** @param wanted empty for what the files hold: floats are exact, and whoever has less memory or time says so */
    private static WeightStorage storage(CheckpointFiles files, Component component, Optional<Quantization> wanted)
            throws QuantizationConflictException {
        Optional<Scheme> stored = files.stored(component);
        Scheme asked =
                wanted.map(quantization -> quantization.scheme(component)).orElse(stored.orElse(Scheme.NONE));
        if (stored.isPresent() && !stored.get().sharesWeights(asked)) {
            throw new QuantizationConflictException(files.directory(component), component, stored.get(), asked);
        }
        return new WeightStorage(component, asked, stored.isPresent());
    }
}
