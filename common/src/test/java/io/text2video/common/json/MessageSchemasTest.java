package io.text2video.common.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.text2video.common.access.ApiKey;
import io.text2video.common.control.ControlMessage;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.ModelCard;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.common.webhook.WebhookLog;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/schemas} against the messages: what other programs are told is what the fleet writes and reads. */
class MessageSchemasTest {
    private static final Path SCHEMAS = Path.of("../docs/schemas");
    private static final Map<Class<?>, String> FILES = Map.of(
            VideoRequest.class, "request.json",
            ControlMessage.class, "control.json",
            VideoEvent.class, "event.json",
            ModelCard.class, "model-card.json",
            JobSnapshot.class, "job.json",
            WebhookDelivery.class, "webhook-delivery.json",
            WebhookLog.class, "webhook-log.json",
            ApiKey.class, "api-key.json");
    private static final Set<Class<?>> WRITTEN_BY_OTHERS = Set.of(VideoRequest.class, ControlMessage.class);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Of each type one, and numbers and texts that are absurd somewhere. */
    private static final List<JsonNode> OTHER_VALUES = List.of(
            JSON.textNode("no such thing"),
            JSON.textNode(" "),
            JSON.textNode(""),
            JSON.textNode("x".repeat(40_000)),
            JSON.numberNode(-1),
            JSON.numberNode(2.5),
            JSON.numberNode(1_000_000),
            JSON.booleanNode(true),
            JSON.arrayNode().add("video.completed"),
            JSON.arrayNode().add(JSON.objectNode()),
            JSON.objectNode());

    static Stream<Class<?>> types() {
        return FILES.keySet().stream();
    }

    static Stream<Object> messages() {
        return GoldenMessages.all()
                .map(message -> message.get()[1])
                // What only the fleet itself reads is nobody else's business.
                .filter(message -> FILES.containsKey(message.getClass()));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldTakeWhatTheFleetWrites(Object message) throws Exception {
        JsonNode written = new ObjectMapper().readTree(JsonCodec.write(message));

        assertThat(schema(message.getClass()).validate(written)).isEmpty();
    }

    /** What other programs write must be readable exactly where its schema says so; the fleet writes more than it insists on. */
    @ParameterizedTest
    @MethodSource("messages")
    void shouldRefuseWhatTheFleetRefuses(Object message) throws Exception {
        JsonSchema schema = schema(message.getClass());
        for (JsonNode variant : variants(new ObjectMapper().readTree(JsonCodec.write(message)))) {
            boolean isTaken = isTaken(variant, message.getClass());
            boolean isDescribed = schema.validate(variant).isEmpty();

            if (!isTaken || WRITTEN_BY_OTHERS.contains(message.getClass())) {
                assertThat(isDescribed).as(() -> shorten(variant)).isEqualTo(isTaken);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void shouldNameEveryField(Class<?> type) throws Exception {
        assertFields(type, SCHEMAS.resolve(FILES.get(type)), read(SCHEMAS.resolve(FILES.get(type))));
    }

    @Test
    void shouldDescribeThePublicTopicsToTools() throws Exception {
        Set<String> described = found("(?m)^    address: (\\S+)$", "asyncapi.yaml");

        assertThat(described)
                .isEqualTo(found("(?m)^\\| `(video\\.[^`]+)` \\|.*; public \\|", "01-how-it-works.md").stream()
                        .map(topic -> topic.replace(".NAME", ".{pool}"))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Set<String> found(String pattern, String page) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(SCHEMAS.resolveSibling(page)))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void assertFields(Class<?> type, Path file, JsonNode schema) throws IOException {
        Set<String> fields = Arrays.stream(type.getRecordComponents())
                .map(component -> SnakeCaseStrategy.INSTANCE.translate(component.getName()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(names(schema.path("properties"))).as("%s in %s", type, file).isEqualTo(fields);
        for (RecordComponent component : type.getRecordComponents()) {
            JsonNode field = schema.path("properties").path(SnakeCaseStrategy.INSTANCE.translate(component.getName()));
            Path home = field.path("$ref").asText().endsWith("job.json") ? SCHEMAS.resolve("job.json") : file;
            JsonNode described = objectOf(resolved(file, field));
            if (component.getType().isRecord() && described.has("properties")) {
                assertFields(component.getType(), home, described);
            }
        }
    }

    private static JsonNode resolved(Path file, JsonNode schema) throws IOException {
        if (!schema.has("$ref")) {
            return schema;
        }
        String[] reference = schema.get("$ref").asText().split("#", 2);
        JsonNode target = read(reference[0].isEmpty() ? file : SCHEMAS.resolve(reference[0]));
        return reference.length == 1 ? target : target.at(reference[1]);
    }

    /** A webhook is an object, or its URL alone. */
    private static JsonNode objectOf(JsonNode schema) {
        return schema.has("oneOf") ? schema.get("oneOf").get(1) : schema;
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonSchema schema(Class<?> type) {
        return JsonSchemaFactory.getInstance(VersionFlag.V7)
                .getSchema(
                        SchemaLocation.of(
                                SCHEMAS.resolve(FILES.get(type)).toUri().toString()),
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build());
    }

    private static boolean isTaken(JsonNode json, Class<?> type) throws IOException {
        try {
            JsonCodec.read(new ObjectMapper().writeValueAsBytes(json), type);
            return true;
        } catch (InvalidMessageException e) {
            return false;
        }
    }

    /** The message with one field left out, or with another value, at any depth. */
    private static List<JsonNode> variants(JsonNode message) {
        List<JsonNode> variants = new ArrayList<>();
        for (String place : places("", message)) {
            int cut = place.lastIndexOf('/');
            String parent = place.substring(0, cut);
            String name = place.substring(cut + 1);
            JsonNode without = message.deepCopy();
            ((ObjectNode) without.at(parent)).remove(name);
            variants.add(without);
            for (JsonNode value : OTHER_VALUES) {
                JsonNode changed = message.deepCopy();
                ((ObjectNode) changed.at(parent)).set(name, value);
                variants.add(changed);
            }
        }
        return variants;
    }

    private static List<String> places(String prefix, JsonNode json) {
        List<String> places = new ArrayList<>();
        for (Iterator<Map.Entry<String, JsonNode>> fields = json.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            places.add(prefix + "/" + field.getKey());
            places.addAll(places(prefix + "/" + field.getKey(), field.getValue()));
        }
        for (int i = 0; json.isArray() && i < json.size(); i++) {
            places.addAll(places(prefix + "/" + i, json.get(i)));
        }
        return places;
    }

    private static JsonNode read(Path file) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(file));
    }

    private static String shorten(JsonNode json) {
        String text = json.toString();
        return text.length() <= 1000 ? text : text.substring(0, 1000) + "…";
    }
}
