package io.text2video.worker.lora;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.text2video.worker.files.PythonJson;
import io.text2video.worker.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a LoRA is scaled: PEFT's {@code LoraConfig} as diffusers writes it into the file's metadata, or as PEFT itself writes
 * it beside its {@code adapter_model.safetensors}. Ranks are not read from it: the tensors have them.
 *
 * @param alpha of all layers that have none of their own; null to take each one's rank, which scales by 1
 * @param alphaOf of single layers, by name or by the end of a name; in the file's order, as of several that match a layer
 *     PEFT takes the first
 * @param rankStabilised whether alpha is divided by the rank's square root
 */
record AdapterConfig(Double alpha, Map<String, Double> alphaOf, boolean rankStabilised) {
    private static final String METADATA = "lora_adapter_metadata";
    private static final String PEFT_FILE = "adapter_model.safetensors";
    private static final String PEFT_CONFIG = "adapter_config.json";

    /** Bytes; a config has two thousand. */
    private static final long LARGEST_CONFIG = 1 << 20;

    /** Linux follows no more in one path. */
    private static final int MOST_LINKS = 40;

    /** diffusers names the component that a setting is of. */
    private static final String COMPONENT = "transformer.";

    private static final JsonMapper JSON = PythonJson.mapper().build();

    AdapterConfig {
        alphaOf = Collections.unmodifiableMap(new LinkedHashMap<>(alphaOf));
    }

    static AdapterConfig read(SafetensorsFile file) throws IOException {
        String name = file.path().getFileName().toString();
        String json = file.metadata().get(METADATA);
        Optional<Path> beside = beside(file.path());
        if (json == null && beside.isPresent()) {
            if (Files.size(beside.get()) > LARGEST_CONFIG) {
                throw new LoraException(name, "has a %s of more than %d bytes".formatted(PEFT_CONFIG, LARGEST_CONFIG));
            }
            json = Files.readString(beside.get(), StandardCharsets.UTF_8);
        }
        return json == null ? new AdapterConfig(null, Map.of(), false) : parse(name, json);
    }

    /** What PEFT saved beside a file: the file may be known by a link, whose name and folder are others. */
    static Optional<Path> beside(Path file) throws IOException {
        Path place = file;
        for (int link = 0; link < MOST_LINKS; link++) {
            Path config = place.resolveSibling(PEFT_CONFIG);
            if (place.endsWith(PEFT_FILE) && Files.isRegularFile(config)) {
                return Optional.of(config);
            }
            if (!Files.isSymbolicLink(place)) {
                return Optional.empty();
            }
            place = place.resolveSibling(Files.readSymbolicLink(place));
        }
        return Optional.empty();
    }

    private static AdapterConfig parse(String name, String json) throws LoraException {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new LoraException(name, "has adapter metadata that are not JSON: " + e.getOriginalMessage());
        }
        if (!root.isObject()) {
            throw new LoraException(name, "has adapter metadata that are no JSON object: " + root);
        }
        if (setting(root, "use_dora").asBoolean()) {
            throw LoraException.dora(name, "use_dora");
        }
        JsonNode alpha = setting(root, "lora_alpha");
        Map<String, Double> alphaOf = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : setting(root, "alpha_pattern").properties()) {
            alphaOf.put(entry.getKey(), number(name, "alpha_pattern " + entry.getKey(), entry.getValue()));
        }
        return new AdapterConfig(
                alpha.isMissingNode() || alpha.isNull() ? null : number(name, "lora_alpha", alpha),
                alphaOf,
                setting(root, "use_rslora").asBoolean());
    }

    /** The alpha of a layer for which the file has no tensor that says it. */
    double alpha(String layer, long rank) {
        for (Map.Entry<String, Double> entry : alphaOf.entrySet()) {
            if (matches(entry.getKey(), layer)) {
                return entry.getValue();
            }
        }
        return alpha == null ? rank : alpha;
    }

    /** What B is multiplied by, before the job's scale. */
    double scaling(double ofAlpha, long rank) {
        return ofAlpha / (rankStabilised ? Math.sqrt(rank) : rank);
    }

    /**
     * PEFT reads the patterns as regular expressions that match a whole name, or its end after a dot. What trainers write
     * are names, at most with the {@code ^} of a whole one; anything else would match no layer, and is refused for it.
     */
    static boolean matches(String pattern, String layer) {
        return pattern.startsWith("^")
                ? layer.equals(pattern.substring(1))
                : layer.equals(pattern) || layer.endsWith("." + pattern);
    }

    private static JsonNode setting(JsonNode root, String key) {
        JsonNode ofComponent = root.path(COMPONENT + key);
        return ofComponent.isMissingNode() ? root.path(key) : ofComponent;
    }

    private static double number(String name, String key, JsonNode value) throws LoraException {
        if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
            throw new LoraException(name, "has the %s %s, which is no number".formatted(key, value));
        }
        return value.asDouble();
    }
}
