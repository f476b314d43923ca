package io.text2video.worker.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.text2video.worker.files.PythonJson;
import io.text2video.worker.quantization.Component;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Decides which files of a directory are a component's weights. */
final class ComponentDirectory {
    private static final Logger LOG = Logger.getLogger(ComponentDirectory.class);

    /** T5-XXL's index has 20 kB; one entry a tensor. */
    private static final long LARGEST_INDEX = 16 << 20;

    private static final JsonMapper JSON = PythonJson.mapper().build();

    private final Path directory;
    private final Component component;

    ComponentDirectory(Path directory, Component component) {
        this.directory = directory;
        this.component = component;
    }

    SafetensorsIndex open() throws IOException {
        if (!Files.isDirectory(directory)) {
            throw refuse("is not a directory");
        }
        List<String> names = names();
        WeightFiles rules = WeightFiles.of(component);
        String chosen = rules.choose(names).orElseThrow(() -> refuse(rules.absence(names)));
        rules.variant(chosen)
                .ifPresent(variant -> LOG.infof(
                        "weights without a variant are missing, so %s is read directory=%s", chosen, directory));
        Path file = directory.resolve(chosen);
        SafetensorsIndex all = WeightFiles.isIndex(chosen)
                ? openShards(file)
                : new SafetensorsIndex(List.of(file), SafetensorsFile.read(file).tensors());
        Map<String, TensorInfo> read = new LinkedHashMap<>(all.tensors());
        read.keySet().removeIf(name -> !component.reads(name));
        return new SafetensorsIndex(all.files(), read);
    }

    private SafetensorsIndex openShards(Path index) throws IOException {
        Map<String, String> shardOf = readWeightMap(index);
        Map<String, Path> shards = shardPaths(index, shardOf);
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, Path> shard : shards.entrySet()) {
            for (TensorInfo tensor :
                    SafetensorsFile.read(shard.getValue()).tensors().values()) {
                // A tensor that the index places elsewhere, or nowhere, is none of the component's.
                if (shard.getKey().equals(shardOf.get(tensor.name()))) {
                    tensors.put(tensor.name(), tensor);
                }
            }
        }
        for (Map.Entry<String, String> entry : shardOf.entrySet()) {
            if (!tensors.containsKey(entry.getKey())) {
                throw new InvalidSafetensorsException(
                        index, "places tensor " + entry.getKey() + " in " + entry.getValue() + ", which lacks it");
            }
        }
        return new SafetensorsIndex(new ArrayList<>(shards.values()), tensors);
    }

    private Map<String, Path> shardPaths(Path index, Map<String, String> shardOf) throws InvalidSafetensorsException {
        Map<String, Path> shards = new TreeMap<>();
        List<String> missing = new ArrayList<>();
        for (String name : shardNames(index, shardOf)) {
            Path shard = directory.resolve(name);
            if (!Files.isRegularFile(shard)) {
                missing.add(name);
            }
            shards.put(name, shard);
        }
        if (!missing.isEmpty()) {
            throw new InvalidSafetensorsException(
                    index, "names " + shards.size() + " shards, of which these are missing: " + missing);
        }
        return shards;
    }

    static SortedSet<String> shardNames(Path index, Map<String, String> shardOf) throws InvalidSafetensorsException {
        SortedSet<String> names = new TreeSet<>(shardOf.values());
        for (String name : names) {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,200}\\.safetensors")) {
                throw new InvalidSafetensorsException(
                        index, "names the shard \"" + name + "\", which is no plain name of a safetensors file");
            }
        }
        return names;
    }

    static Map<String, String> readWeightMap(Path index) throws IOException {
        long size = Files.size(index);
        if (size > LARGEST_INDEX) {
            throw new InvalidSafetensorsException(
                    index, "has " + size + " bytes; an index has at most " + LARGEST_INDEX);
        }
        JsonNode weightMap;
        try {
            weightMap = JSON.readTree(Files.readAllBytes(index)).path("weight_map");
        } catch (JsonProcessingException e) {
            throw new InvalidSafetensorsException(index, "is not JSON: " + e.getOriginalMessage());
        }
        if (!weightMap.isObject() || weightMap.isEmpty()) {
            throw new InvalidSafetensorsException(index, "has no weight_map that lists tensors");
        }
        Map<String, String> shardOf = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : weightMap.properties()) {
            if (!entry.getValue().isTextual()) {
                throw new InvalidSafetensorsException(
                        index, "maps tensor " + entry.getKey() + " to " + entry.getValue() + ", not to a file name");
            }
            shardOf.put(entry.getKey(), entry.getValue().asText());
        }
        return shardOf;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::exists)
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private InvalidSafetensorsException refuse(String reason) {
        return new InvalidSafetensorsException(directory, reason);
    }
}
