package io.text2video.worker.weights;

import io.text2video.worker.quantization.Component;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The weights of one component of a checkpoint, in one safetensors file or in shards that an index lists. Immutable,
 * holds no open file.
 *
 * @param files the safetensors files, each once
 * @param tensors name to place, over all files; unmodifiable, in the files' order
 */
public record SafetensorsIndex(List<Path> files, Map<String, TensorInfo> tensors) {
    public SafetensorsIndex {
        files = List.copyOf(files);
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /**
     * Finds the weights of a component directory, by the rules of the library that the component is of. Tensors that its
     * network has no use for are left out.
     *
     * @throws InvalidSafetensorsException when there are none, when they are pickles, or when a file or the index is
     *     malformed
     * @throws IOException when a file cannot be read
     */
    public static SafetensorsIndex open(Path componentDirectory, Component component) throws IOException {
        return new ComponentDirectory(componentDirectory, component).open();
    }

    /**
     * What the weights are published in: of the types that networks compute in, the one that takes the most bytes. Empty
     * where there is none of them.
     */
    public Optional<SafetensorsDtype> publishedIn() {
        Map<SafetensorsDtype, Long> bytes = new EnumMap<>(SafetensorsDtype.class);
        for (TensorInfo tensor : tensors.values()) {
            if (MappedTensors.floats().contains(tensor.dtype())) {
                bytes.merge(tensor.dtype(), tensor.byteLength(), Long::sum);
            }
        }
        return bytes.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    /** Bytes of all tensors, which is what a mapping of them takes. */
    public long byteLength() {
        return tensors.values().stream().mapToLong(TensorInfo::byteLength).sum();
    }
}
