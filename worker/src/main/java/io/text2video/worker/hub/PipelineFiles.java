package io.text2video.worker.hub;

import io.text2video.worker.files.FileTree;
import io.text2video.worker.hub.HubException.Reason;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which files of a repository the pipeline reads: its descriptions, its tokenizer and its safetensors. */
final class PipelineFiles {
    private static final List<String> REQUIRED = List.of(
            "model_index.json",
            "scheduler/scheduler_config.json",
            "text_encoder/config.json",
            "transformer/config.json",
            "vae/config.json");

    /** One of these is a tokenizer. */
    private static final List<String> TOKENIZERS = List.of("tokenizer/spiece.model", "tokenizer/tokenizer.json");

    private static final List<String> OPTIONAL = List.of(
            "generation_config.json",
            "tokenizer/added_tokens.json",
            "tokenizer/special_tokens_map.json",
            "tokenizer/tokenizer_config.json");

    private PipelineFiles() {}

    /**
     * What is fetched first: all but the weights, of which only the indices.
     *
     * @param files the repository's
     * @throws HubException when the pipeline could not be read from such a repository
     */
    static List<String> descriptions(String repository, Collection<String> files) throws HubException {
        List<String> missing = missing(files);
        if (!missing.isEmpty()) {
            throw new HubException(
                    Reason.UNUSABLE,
                    "%s is no CogVideoX in diffusers' layout: it lacks %s"
                            .formatted(repository, Printable.of(String.join(", ", missing))));
        }
        List<String> chosen = new ArrayList<>(REQUIRED);
        Stream.concat(TOKENIZERS.stream(), OPTIONAL.stream())
                .filter(files::contains)
                .forEach(chosen::add);
        weightFiles(files).filter(WeightFiles::isIndex).forEach(chosen::add);
        return chosen;
    }

    /**
     * What is fetched then.
     *
     * @param snapshot where the indices are
     * @throws HubException when an index names a file that the repository lacks
     */
    static List<String> weights(String repository, Collection<String> files, Path snapshot) throws IOException {
        List<String> chosen = new ArrayList<>();
        for (String file : weightFiles(files).toList()) {
            chosen.addAll(WeightFiles.isIndex(file) ? shards(snapshot, file) : List.of(file));
        }
        List<String> absent =
                chosen.stream().filter(file -> !files.contains(file)).toList();
        if (!absent.isEmpty()) {
            throw new HubException(
                    Reason.UNUSABLE,
                    "%s lacks %s, which its index names"
                            .formatted(repository, Printable.of(String.join(", ", absent))));
        }
        return chosen;
    }

    /** What a directory lacks to be a pipeline. Empty when it is complete. */
    static List<String> missing(Path snapshot) throws IOException {
        Collection<String> files = FileTree.files(snapshot).stream()
                .filter(Files::isRegularFile)
                .map(file -> snapshot.relativize(file).toString().replace('\\', '/'))
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> missing = missing(files);
        for (String index : weightFiles(files).filter(WeightFiles::isIndex).toList()) {
            shards(snapshot, index).stream()
                    .filter(shard -> !files.contains(shard))
                    .forEach(missing::add);
        }
        return missing;
    }

    private static List<String> missing(Collection<String> files) {
        List<String> missing = REQUIRED.stream()
                .filter(file -> !files.contains(file))
                .collect(Collectors.toCollection(ArrayList::new));
        if (TOKENIZERS.stream().noneMatch(files::contains)) {
            missing.add(String.join(" or ", TOKENIZERS));
        }
        for (Component component : Component.values()) {
            List<String> names = names(files, component.label());
            WeightFiles rules = WeightFiles.of(component);
            if (rules.choose(names).isEmpty()) {
                missing.add("%s/*.safetensors (it %s)".formatted(component.label(), rules.absence(names)));
            }
        }
        return missing;
    }

    private static Stream<String> weightFiles(Collection<String> files) {
        return Arrays.stream(Component.values())
                .map(component -> WeightFiles.of(component)
                        .choose(names(files, component.label()))
                        .map(name -> component.label() + "/" + name))
                .flatMap(Optional::stream);
    }

    private static List<String> shards(Path snapshot, String index) throws IOException {
        String folder = index.substring(0, index.indexOf('/') + 1);
        return WeightFiles.shards(snapshot.resolve(index)).stream()
                .map(shard -> folder + shard)
                .toList();
    }

    private static List<String> names(Collection<String> files, String folder) {
        return files.stream()
                .filter(file -> file.startsWith(folder + "/"))
                .map(file -> file.substring(folder.length() + 1))
                .filter(name -> !name.contains("/"))
                .toList();
    }
}
