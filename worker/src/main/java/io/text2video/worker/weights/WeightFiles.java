package io.text2video.worker.weights;

import io.text2video.worker.quantization.Component;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which files of a component's folder are its weights, told from their names alone, by the rules of the library that loads
 * them. Each looks for its own name and no other, and they differ where both a single file and an index are there.
 *
 * <p>Sources: diffusers 0.39, {@code ModelMixin.from_pretrained}; transformers 4.57, {@code PreTrainedModel.from_pretrained}.
 */
public enum WeightFiles {
    /** Reads the index of the shards before the single file. */
    DIFFUSERS("diffusion_pytorch_model", true),
    /** Reads the single file before the index of the shards. */
    TRANSFORMERS("model", false);

    private static final String SINGLE_FILE = ".safetensors";
    private static final String INDEX = ".safetensors.index.json";
    private static final List<String> PICKLE_SUFFIXES = List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl");

    /** Such as {@code fp16}, but for the number of a shard that follows it. */
    private static final String VARIANT = "((?!\\S*-\\d{5}-of-\\d{5})[A-Za-z0-9_-]+)";

    private final String stem;

    /** In the order of preference; the only group is the variant, or absent. */
    private final List<Pattern> patterns;

    WeightFiles(String stem, boolean indexFirst) {
        this.stem = stem;
        Pattern singleFile = Pattern.compile(stem + "(?:\\." + VARIANT + ")?\\.safetensors");
        // A variant's index has had three spellings.
        Pattern index = Pattern.compile(stem + "\\.safetensors\\.index(?:\\." + VARIANT + ")?\\.json");
        Pattern elder = Pattern.compile(stem + "\\.safetensors\\." + VARIANT + "\\.index\\.json");
        Pattern other = Pattern.compile(stem + "\\." + VARIANT + "\\.safetensors\\.index\\.json");
        this.patterns =
                indexFirst ? List.of(index, elder, other, singleFile) : List.of(singleFile, index, elder, other);
    }

    /** Those of a component, as every published checkpoint has them. */
    public static WeightFiles of(Component component) {
        return switch (component) {
            case TEXT_ENCODER -> TRANSFORMERS;
            case TRANSFORMER, VAE -> DIFFUSERS;
        };
    }

    /** What the library calls weights in one file. */
    public String singleFile() {
        return stem + SINGLE_FILE;
    }

    /** What it calls the index of shards. */
    public String index() {
        return stem + INDEX;
    }

    /** What it calls one of {@code count} shards. */
    public String shard(int number, int count) {
        return "%s-%05d-of-%05d%s".formatted(stem, number, count, SINGLE_FILE);
    }

    /**
     * The file that is read of those in a folder: the weights as one file, or the index of the shards. A variant, such as
     * {@code model.fp16.safetensors}, is read where it is the only one and there are no weights without one.
     *
     * @param names the folder's files, without the folder
     */
    public Optional<String> choose(Collection<String> names) {
        SortedMap<String, String> preferred = preferred(names);
        return preferred.containsKey("") || preferred.size() == 1
                ? Optional.of(preferred.get(preferred.firstKey()))
                : Optional.empty();
    }

    /** The variant that a name which {@link #choose} gave is of. */
    public Optional<String> variant(String name) {
        return Optional.of(preferred(List.of(name)).firstKey()).filter(variant -> !variant.isEmpty());
    }

    /** Why {@link #choose} gives none of these. */
    public String absence(Collection<String> names) {
        SortedMap<String, String> variants = preferred(names);
        if (!variants.isEmpty()) {
            return "holds weights in the variants %s and none without one: leave one of them"
                    .formatted(variants.keySet());
        }
        List<String> others = names.stream()
                .filter(name -> name.endsWith(SINGLE_FILE) || name.endsWith(INDEX))
                .sorted()
                .toList();
        List<String> pickles = pickles(names);
        if (others.isEmpty() && !pickles.isEmpty()) {
            return "holds only pickled weights %s: a pickle can run code as it loads, so only safetensors are read"
                    .formatted(pickles);
        }
        return "holds no weights: neither %s nor %s%s"
                .formatted(
                        singleFile(),
                        index(),
                        others.isEmpty() ? "" : ", which alone are read here; there are " + others);
    }

    /** By variant, the file that is preferred; "" stands for none and comes first. */
    private SortedMap<String, String> preferred(Collection<String> names) {
        SortedMap<String, String> preferred = new TreeMap<>();
        SortedSet<String> sorted = new TreeSet<>(names);
        for (Pattern pattern : patterns) {
            for (String name : sorted) {
                Matcher matcher = pattern.matcher(name);
                if (matcher.matches()) {
                    preferred.putIfAbsent(Optional.ofNullable(matcher.group(1)).orElse(""), name);
                }
            }
        }
        return preferred;
    }

    /** Whether a name that {@link #choose} gave is that of an index. */
    public static boolean isIndex(String name) {
        return name.endsWith(".json");
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
