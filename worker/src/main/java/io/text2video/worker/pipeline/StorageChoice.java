package io.text2video.worker.pipeline;

import io.text2video.worker.config.QuantizationConfig;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.Quantization;
import io.text2video.worker.quantization.QuantizationConflictException;
import io.text2video.worker.quantization.Scheme;
import io.text2video.worker.quantization.WeightStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** How a component's weights are kept: as its files say, or as asked for. */
final class StorageChoice {
    private StorageChoice() {}

    /** Decides for all components, as {@link #of(Path, Component, Optional)} does for one. */
    static Quantization of(Path modelDirectory, Optional<Quantization> wanted) throws IOException {
        return new Quantization(
                of(modelDirectory, Component.TEXT_ENCODER, wanted).scheme(),
                of(modelDirectory, Component.TRANSFORMER, wanted).scheme(),
                of(modelDirectory, Component.VAE, wanted).scheme());
    }

    /**
     * Decides for one component.
     *
     * @param wanted empty for what the files hold, which is best on a CPU: floats are exact, and whoever has less memory
     *     or time says so
     * @throws QuantizationConflictException when the files are quantized by another scheme than is asked for. int8 and
     *     int8wo have the same weights, so each serves the other.
     * @throws IOException when the files are quantized in a way that is not implemented, or cannot be read
     */
    static WeightStorage of(Path modelDirectory, Component component, Optional<Quantization> wanted)
            throws IOException {
        Path directory = modelDirectory.resolve(component.label());
        Optional<Scheme> stored = QuantizationConfig.read(directory);
        Scheme asked =
                wanted.map(quantization -> quantization.scheme(component)).orElse(stored.orElse(Scheme.NONE));
        if (stored.isPresent() && !stored.get().sharesWeights(asked)) {
            throw new QuantizationConflictException(directory, component, stored.get(), asked);
        }
        return new WeightStorage(component, asked, stored.isPresent());
    }
}
