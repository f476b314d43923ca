package io.text2video.worker.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Stream;

/** Which files of a component's folder are its weights, told from their names alone. */
public final class WeightFiles {
    /** transformers' name and diffusers' name. Variants such as {@code model.fp16.safetensors} are not read. */
    static final List<String> SINGLE_FILES = List.of("model.safetensors", "diffusion_pytorch_model.safetensors");

    private static final String INDEX_SUFFIX = ".index.json";
    private static final List<String> PICKLE_SUFFIXES = List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl");

    private WeightFiles() {}

    /**
     * The file that is read of those in a folder: the weights as one file, else the index of the shards.
     *
     * @param names the folder's files, without the folder
     */
    public static Optional<String> choose(Collection<String> names) {
        return Stream.concat(SINGLE_FILES.stream(), SINGLE_FILES.stream().map(name -> name + INDEX_SUFFIX))
                .filter(names::contains)
                .findFirst();
    }

    /** Whether a name that {@link #choose} gave is that of an index. */
    public static boolean isIndex(String name) {
        return name.endsWith(INDEX_SUFFIX);
    }

    /** The files that are pickles by their names, sorted. A pickle can run code as it loads; none is ever read. */
    public static List<String> pickles(Collection<String> names) {
        return names.stream()
                .filter(name -> PICKLE_SUFFIXES.stream().anyMatch(name::endsWith))
                .sorted()
                .toList();
    }

    /**
     * The shards that an index names: plain names of safetensors files in the index's own folder.
     *
     * @throws InvalidSafetensorsException when it is no index, or names anything else
     * @throws IOException when it cannot be read
     */
    public static SortedSet<String> shards(Path index) throws IOException {
        return ComponentDirectory.shardNames(index, ComponentDirectory.readWeightMap(index));
    }
}
