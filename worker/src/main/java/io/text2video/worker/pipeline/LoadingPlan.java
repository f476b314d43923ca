package io.text2video.worker.pipeline;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.Quantization;
import io.text2video.worker.quantization.QuantizationConflictException;
import io.text2video.worker.quantization.Scheme;
import io.text2video.worker.quantization.WeightStorage;
import io.text2video.worker.weights.SafetensorsDtype;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a checkpoint is loaded: as its files say, or as asked for.
 *
 * @param computeType what weights are converted to and the networks compute in
 * @param storage how each component's weights are kept
 */
record LoadingPlan(ComputeType computeType, Map<Component, WeightStorage> storage) {
    /**
     * Decides by the headers alone. What is computed in is what was asked for, if the values fit; fp32 where nothing was, as
     * every CPU is good at it. Models that were trained in bf16 make values beyond fp16's range, so those that are stored in
     * it are refused; of one that is stored in fp32 nothing is known, and {@link OutputCheck} sees what comes of it.
     *
     * @throws UnfitComputeTypeException when the checkpoint is stored in bf16 and fp16 is asked for
     * @throws QuantizationConflictException when the files are quantized by another scheme than is asked for. int8 and
     *     int8wo have the same weights, so each serves the other.
     */
    static LoadingPlan of(CheckpointFiles files, PipelineOptions options) throws IOException {
        Map<Component, WeightStorage> storage = new EnumMap<>(Component.class);
        for (Component component : Component.values()) {
            storage.put(component, storage(files, component, options.quantization()));
        }
        return new LoadingPlan(computeType(files, options), storage);
    }

    /** What is quantized by which scheme, in the files or as they are loaded. */
    Quantization quantization() {
        return new Quantization(
                storage.get(Component.TEXT_ENCODER).scheme(),
                storage.get(Component.TRANSFORMER).scheme(),
                storage.get(Component.VAE).scheme());
    }

    /** Whether any component's inputs are rounded as its weights are. */
    boolean roundsInputs() {
        return storage.values().stream().anyMatch(kept -> kept.scheme().roundsInputs());
    }

    private static ComputeType computeType(CheckpointFiles files, PipelineOptions options)
            throws UnfitComputeTypeException {
        ComputeType wanted = options.computeType().orElse(ComputeType.FP32);
        Optional<SafetensorsDtype> published =
                files.weights(Component.TRANSFORMER).publishedIn();
        if (wanted == ComputeType.FP16 && published.equals(Optional.of(SafetensorsDtype.BF16))) {
            throw new UnfitComputeTypeException(
                    files.directory(), wanted, SafetensorsDtype.BF16.name().toLowerCase(Locale.ROOT));
        }
        return wanted;
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
