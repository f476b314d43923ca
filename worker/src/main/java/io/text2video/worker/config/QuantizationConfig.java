package io.text2video.worker.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.worker.quantization.Scheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a component's {@code config.json} says of weights that are stored quantized, as the Python library
 * compressed-tensors writes it. Which layers are quantized is told by their tensors; this says what the numbers mean.
 */
public final class QuantizationConfig {
    /** The field of {@code config.json}, as transformers and diffusers name it. */
    private static final String FIELD = "quantization_config";

    private static final String METHOD = "compressed-tensors";
    private static final String INTEGERS = "int-quantized";
    private static final String FLOATS = "float-quantized";

    private static final String STATUS = "compressed";
    private static final String FILE = "config.json";
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> FORMATS = List.of(INTEGERS, FLOATS, "naive-quantized");

    /** A scale for each output channel, none that was measured beforehand, zero in the middle. */
    private static final Map<String, Object> WEIGHTS =
            Map.of("num_bits", 8, "symmetric", true, "strategy", "channel", "dynamic", false);

    private static final Map<String, Object> INPUTS =
            Map.of("num_bits", 8, "symmetric", true, "strategy", "token", "dynamic", true);

    /** What would change the meaning of the numbers, where it is set. */
    private static final List<String> UNKNOWN =
            List.of("kv_cache_scheme", "sparsity_config", "moe_sparsity_config", "transform_config");

    private final ConfigFile file;

    private QuantizationConfig(ConfigFile file) {
        this.file = file;
    }

    /**
     * Reads what a component's weights are stored as.
     *
     * @param componentDirectory the folder with {@code config.json}
     * @return empty for floats
     * @throws InvalidCheckpointException when they are quantized in a way that is not implemented
     * @throws IOException when the file cannot be read
     */
    public static Optional<Scheme> read(Path componentDirectory) throws IOException {
        ConfigFile file = ConfigFile.open(componentDirectory.resolve(FILE));
        return file.json().hasNonNull(FIELD) ? Optional.of(new QuantizationConfig(file).scheme()) : Optional.empty();
    }

    /**
     * Writes a component's config again, with what its weights are stored as.
     *
     * @param from the component's folder with {@code config.json}
     * @param to the folder to write that to
     * @param convolutions whether convolutions are quantized; else linears are
     * @param ignored the names of those that are not
     */
    public static void write(Path from, Path to, Scheme scheme, boolean convolutions, List<String> ignored)
            throws IOException {
        ObjectNode json = ConfigFile.open(from.resolve(FILE)).json().deepCopy();
        ObjectNode config = json.putObject(FIELD);
        String type = scheme == Scheme.FP8 ? "float" : "int";
        config.put("quant_method", METHOD);
        config.put("format", scheme == Scheme.FP8 ? FLOATS : INTEGERS);
        config.put("quantization_status", STATUS);
        ObjectNode group = config.putObject("config_groups").putObject("group_0");
        ArrayNode targets = group.putArray("targets");
        (convolutions ? List.of("Conv2d", "Conv3d") : List.of("Linear")).forEach(targets::add);
        ObjectNode weights = group.putObject("weights").put("type", type);
        new TreeMap<>(WEIGHTS).forEach(weights::putPOJO);
        if (scheme.roundsInputs() && !convolutions) {
            ObjectNode inputs = group.putObject("input_activations").put("type", type);
            new TreeMap<>(INPUTS).forEach(inputs::putPOJO);
        } else {
            group.putNull("input_activations");
        }
        group.putNull("output_activations");
        ArrayNode names = config.putArray("ignore");
        ignored.forEach(names::add);
        Files.write(to.resolve(FILE), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }

    private Scheme scheme() throws InvalidCheckpointException {
        requireOneOf(FIELD + ".quant_method", List.of(METHOD));
        requireOneOf(FIELD + ".format", FORMATS);
        if (!at(FIELD + ".quantization_status").isMissingNode()) {
            requireOneOf(FIELD + ".quantization_status", List.of(STATUS));
        }
        for (String field : UNKNOWN) {
            JsonNode value = at(FIELD + "." + field);
            if (!value.isMissingNode() && !value.isNull() && !value.isEmpty()) {
                throw file.refuse(FIELD + "." + field, "is not implemented");
            }
        }
        JsonNode groups = at(FIELD + ".config_groups");
        Map<Scheme, String> schemes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> group : groups.properties()) {
            String path = FIELD + ".config_groups." + group.getKey();
            schemes.put(scheme(path), path);
        }
        if (schemes.size() != 1) {
            throw file.refuse(
                    FIELD + ".config_groups",
                    schemes.isEmpty() ? "must have a group" : "has groups that differ, " + schemes.keySet());
        }
        return schemes.keySet().iterator().next();
    }

    private Scheme scheme(String group) throws InvalidCheckpointException {
        boolean floats =
                requireOneOf(group + ".weights.type", List.of("int", "float")).equals("float");
        requireAll(group + ".weights", WEIGHTS);
        if (!absent(group + ".format")) {
            requireOneOf(group + ".format", FORMATS);
        }
        for (String field : List.of("weights.block_structure", "weights.actorder", "output_activations")) {
            requireAbsent(group + "." + field);
        }
        boolean rounded = !absent(group + ".input_activations");
        if (rounded && floats) {
            throw file.refuse(
                    group + ".input_activations",
                    "rounds inputs to 8-bit floats, which is not implemented; int8 weights and inputs are");
        }
        if (rounded) {
            requireOneOf(group + ".input_activations.type", List.of("int"));
            requireAll(group + ".input_activations", INPUTS);
        }
        return floats ? Scheme.FP8 : rounded ? Scheme.INT8 : Scheme.INT8WO;
    }

    private String requireOneOf(String field, List<String> known) throws InvalidCheckpointException {
        if (!known.contains(at(field).asText())) {
            throw file.refuse(field, "must be " + String.join(" or ", known));
        }
        return at(field).asText();
    }

    private void requireAll(String parent, Map<String, Object> values) throws InvalidCheckpointException {
        for (Map.Entry<String, Object> value : new TreeMap<>(values).entrySet()) {
            String field = parent + "." + value.getKey();
            if (!at(field).asText().equals(value.getValue().toString())) {
                throw file.refuse(field, "must be " + value.getValue());
            }
        }
    }

    private void requireAbsent(String field) throws InvalidCheckpointException {
        if (!absent(field)) {
            throw file.refuse(field, "is not implemented");
        }
    }

    private boolean absent(String field) {
        return at(field).isMissingNode() || at(field).isNull();
    }

    private JsonNode at(String field) {
        return file.json().at("/" + field.replace('.', '/'));
    }
}
