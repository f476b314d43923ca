package io.text2video.worker.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
     * Finds the weights of a component directory as diffusers and transformers lay them out.
     *
     * @throws InvalidSafetensorsException when there are none, when they are pickles, or when a file or the index is
     *     malformed
     * @throws IOException when a file cannot be read
     */
    public static SafetensorsIndex open(Path componentDirectory) throws IOException {
        return new ComponentDirectory(componentDirectory).open();
    }

    /** Bytes of all tensors, which is what a mapping of them takes. */
    public long byteLength() {
        return tensors.values().stream().mapToLong(TensorInfo::byteLength).sum();
    }
}
