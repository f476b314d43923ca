package io.text2video.worker.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.worker.files.PythonJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** One JSON file of a checkpoint, laid over the defaults of the constructor that diffusers would hand it to. */
final class ConfigFile {
    private static final Logger LOG = Logger.getLogger(ConfigFile.class);
    private static final String CLASS_NAME = "_class_name";

    /** Fields that diffusers filled in where it wrote the file: it gives them the defaults of whatever class reads it. */
    private static final String DEFAULTED = "_use_default_values";

    /** Published files have a few kilobytes; nothing larger is a config. */
    private static final long LARGEST_FILE = 1 << 20;

    private static final JsonMapper MAPPER = PythonJson.mapper()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private final Path file;
    private final ObjectNode json;

    private ConfigFile(Path file, ObjectNode json) {
        this.file = file;
        this.json = json;
    }

    static ConfigFile open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidCheckpointException(file, "is missing");
        }
        long size = Files.size(file);
        if (size > LARGEST_FILE) {
            throw new InvalidCheckpointException(file, "has " + size + " bytes; a config has at most " + LARGEST_FILE);
        }
        try {
            if (MAPPER.readTree(Files.readAllBytes(file)) instanceof ObjectNode json) {
                return new ConfigFile(file, json);
            }
        } catch (JsonProcessingException e) {
            throw new InvalidCheckpointException(file, "is not JSON: " + e.getOriginalMessage());
        }
        throw new InvalidCheckpointException(file, "is not a JSON object");
    }

    /**
     * The constructor's defaults: a resource with the names and the values of diffusers' own.
     *
     * @param component the folder that the config is of
     */
    static <T> T defaults(Class<T> type, String component) {
        try (InputStream resource = ConfigFile.class.getResourceAsStream(component + ".json")) {
            return MAPPER.readerFor(type)
                    .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .with(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .readValue(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ObjectNode json() {
        return json;
    }

    InvalidCheckpointException refuse(String field, String reason) {
        JsonNode value = json.at("/" + field.replace('.', '/'));
        return new InvalidCheckpointException(
                file, field, value.isMissingNode() ? "missing" : value.toString(), reason);
    }

    ConfigFile require(String... fields) throws InvalidCheckpointException {
        for (String field : fields) {
            if (!json.hasNonNull(field)) {
                throw refuse(field, "is required");
            }
        }
        return this;
    }

    /** Refuses a field whose effect is not implemented, where ignoring it would change the video silently. */
    ConfigFile refuseSet(String field) throws InvalidCheckpointException {
        if (json.hasNonNull(field)) {
            throw refuse(field, "is not supported");
        }
        return this;
    }

    /** A field must have one of these values, where the file has the field. */
    ConfigFile oneOf(String field, List<String> known) throws InvalidCheckpointException {
        if (json.has(field) && !known.contains(json.path(field).asText())) {
            throw refuse(field, "must be " + String.join(" or ", known));
        }
        return this;
    }

    /** The config of a class of diffusers, which runs whatever class the file says it is of; the difference is logged. */
    ConfigFile of(String className) {
        String written = json.path(CLASS_NAME).asText(className);
        if (!written.equals(className)) {
            LOG.warnf(
                    "%s says that it is of %s, and is read as of %s, as model_index.json says",
                    file, written, className);
        }
        ObjectNode own = json.deepCopy();
        own.put(CLASS_NAME, className);
        json.path(DEFAULTED).forEach(field -> own.remove(field.asText()));
        return new ConfigFile(file, own);
    }

    <T> T over(T defaults) throws InvalidCheckpointException {
        ObjectNode merged = MAPPER.valueToTree(defaults);
        json.properties().forEach(entry -> {
            JsonNode fallback = merged.get(entry.getKey());
            if (fallback != null) {
                merged.set(entry.getKey(), integralWhereIntegral(fallback, entry.getValue()));
            }
        });
        try {
            @SuppressWarnings("unchecked") // getClass() of a record instance: records are final
            Class<T> type = (Class<T>) defaults.getClass();
            return MAPPER.treeToValue(merged, type);
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof InvalidSettingException invalid) {
                throw new InvalidCheckpointException(file, invalid.field, invalid.value, invalid.reason);
            }
            throw refuse(pathOf(e), "is of the wrong type: " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw new InvalidCheckpointException(file, e.getOriginalMessage());
        }
    }

    /** Python writes 4.0 for what it annotates as a float, as with the VAE's temporal_compression_ratio. */
    private static JsonNode integralWhereIntegral(JsonNode fallback, JsonNode value) {
        boolean integral = fallback.isIntegralNumber() && value.isFloatingPointNumber();
        return integral && value.doubleValue() == Math.rint(value.doubleValue()) && value.canConvertToLong()
                ? LongNode.valueOf(value.longValue())
                : value;
    }

    private static String pathOf(JsonMappingException e) {
        return e.getPath().stream()
                .map(JsonMappingException.Reference::getFieldName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."));
    }
}
