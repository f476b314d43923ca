package io.text2video.worker.config;

import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.Scheme;
import io.text2video.worker.weights.SafetensorsIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint's files as they were opened once: what they say of themselves, and the headers of all weights, which are not
 * read. All who need one of them take it from here, so that they speak of the same files.
 *
 * @param defaults what it is best asked for
 * @param weights of each component; unmodifiable
 * @param stored what a component's files are quantized by, where they are; unmodifiable
 */
public record CheckpointFiles(
        Path directory,
        PipelineConfig config,
        GenerationConfig defaults,
        Map<Component, SafetensorsIndex> weights,
        Map<Component, Scheme> stored) {
    public CheckpointFiles {
        weights = Map.copyOf(weights);
        stored = Map.copyOf(stored);
    }

    /**
     * Opens a checkpoint in the diffusers layout, at the cost of some milliseconds.
     *
     * @throws InvalidCheckpointException when a config is missing or malformed, or weights are quantized in a way that is
     *     not implemented
     * @throws UnsupportedCheckpointException when one part's sizes are not another's, or it is of a kind not implemented
     * @throws io.text2video.worker.weights.InvalidSafetensorsException when weights are missing, cut off or malformed
     * @throws IOException when a file cannot be read
     */
    public static CheckpointFiles open(Path directory) throws IOException {
        PipelineConfig config = PipelineConfig.read(directory);
        GenerationConfig defaults = GenerationConfig.read(
                directory, config.transformer(), config.vae(), config.index().funControl());
        Map<Component, SafetensorsIndex> weights = new EnumMap<>(Component.class);
        Map<Component, Scheme> stored = new EnumMap<>(Component.class);
        for (Component component : Component.values()) {
            Path folder = directory.resolve(component.label());
            weights.put(component, SafetensorsIndex.open(folder, component));
            QuantizationConfig.read(folder).ifPresent(scheme -> stored.put(component, scheme));
        }
        return new CheckpointFiles(directory, config, defaults, weights, stored);
    }

    /** A component's folder. */
    public Path directory(Component component) {
        return directory.resolve(component.label());
    }

    /** A component's weights. */
    public SafetensorsIndex weights(Component component) {
        return weights.get(component);
    }

    /** What a component's files are quantized by; empty for floats. */
    public Optional<Scheme> stored(Component component) {
        return Optional.ofNullable(stored.get(component));
    }
}
