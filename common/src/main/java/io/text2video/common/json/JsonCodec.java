package io.text2video.common.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.text2video.common.job.JobId;
import io.text2video.common.job.Tenant;
import io.text2video.common.job.WebhookSecret;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

/**
 * The fleet's messages as JSON: snake_case names, ISO 8601 times, nulls left out. Unknown fields are ignored, so that
 * releases can meet; missing and absurd ones are refused. Thread-safe.
 */
public final class JsonCodec {
    private static final int SHOWN = 80;
    private static final Map<Class<?>, String> KINDS = Map.ofEntries(
            Map.entry(int.class, "a whole number"),
            Map.entry(Integer.class, "a whole number"),
            Map.entry(long.class, "a whole number"),
            Map.entry(Long.class, "a whole number"),
            Map.entry(double.class, "a number"),
            Map.entry(Double.class, "a number"),
            Map.entry(boolean.class, "true or false"),
            Map.entry(Boolean.class, "true or false"),
            Map.entry(String.class, "a string"),
            Map.entry(WebhookSecret.class, "a string"),
            Map.entry(JobId.class, "a UUID"),
            Map.entry(Tenant.class, "a string"),
            Map.entry(Instant.class, "an ISO 8601 time"));

    /**
     * Every value must be of its field's type, and a whole number where one is asked for: 5 is no string, "12" and " " are no
     * numbers, 12.5 is no whole one. They are refused, not bent.
     */
    private static final ObjectMapper MAPPER = JsonMapper.builder(factory(200_000))
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule()
                    .addDeserializer(Instant.class, new InstantReader())
                    .addDeserializer(String.class, new UnicodeReader()))
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual, JsonCodec::refuseScalars)
            .withCoercionConfigDefaults(values -> values.setAcceptBlankAsEmpty(false))
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
            .build();

    private static final ObjectReader STRICT = MAPPER.reader(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private static final Validator VALIDATOR = Validation.byDefaultProvider()
            .configure()
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory()
            .getValidator();

    private JsonCodec() {}

    /** The message's bytes, UTF-8. */
    public static byte[] write(Object message) {
        try {
            return MAPPER.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads and checks a message.
     *
     * @throws InvalidMessageException naming the field at fault, its value and the limit
     */
    public static <T> T read(byte[] json, Class<T> type) throws InvalidMessageException {
        return read(MAPPER.reader(), json, type);
    }

    /**
     * As {@link #read}, but a field that the type does not have is refused: for people's input, where it is a typing
     * error.
     *
     * @throws InvalidMessageException naming the field at fault, its value and the limit
     */
    public static <T> T readStrictly(byte[] json, Class<T> type) throws InvalidMessageException {
        return read(STRICT, json, type);
    }

    /**
     * As {@link #readStrictly(byte[], Class)}, for a message with a file in it.
     *
     * @param longestString in characters, instead of the 200,000 that no other message needs
     * @throws InvalidMessageException naming the field at fault, its value and the limit
     */
    public static <T> T readStrictly(byte[] json, Class<T> type, int longestString) throws InvalidMessageException {
        return read(STRICT.with(factory(longestString)), json, type);
    }

    /**
     * As {@link #readStrictly(byte[], Class)}, for what is taken apart already.
     *
     * @throws InvalidMessageException naming the field at fault, its value and the limit
     */
    public static <T> T readStrictly(JsonNode json, Class<T> type) throws InvalidMessageException {
        return read(() -> STRICT.forType(type).readValue(json));
    }

    private static void refuseScalars(MutableCoercionConfig strings) {
        for (CoercionInputShape shape :
                List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            strings.setCoercion(shape, CoercionAction.Fail);
        }
    }

    private static JsonFactory factory(int longestString) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(20)
                        .maxStringLength(longestString)
                        .build())
                .build();
    }

    private static <T> T read(ObjectReader reader, byte[] json, Class<T> type) throws InvalidMessageException {
        if (json == null) {
            throw new InvalidMessageException("", "the message is empty");
        }
        return read(() -> reader.forType(type).readValue(json));
    }

    private static <T> T read(Reading<T> reading) throws InvalidMessageException {
        T message;
        try {
            message = reading.read();
        } catch (JsonMappingException e) {
            throw mapping(e);
        } catch (IOException e) {
            throw new InvalidMessageException("", syntax(e));
        }
        if (message == null) {
            throw new InvalidMessageException("", "must be a JSON object, not null");
        }
        return validate(message);
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    /**
     * Checks a message that was not read from JSON.
     *
     * @return the message
     * @throws InvalidMessageException naming the field at fault, its value and the limit
     */
    public static <T> T validate(T message) throws InvalidMessageException {
        var first = VALIDATOR.validate(message).stream()
                .min(Comparator.comparing(
                        violation -> violation.getPropertyPath().toString()));
        if (first.isPresent()) {
            ConstraintViolation<T> violation = first.get();
            String field = field(violation.getPropertyPath());
            Object value = violation.getInvalidValue();
            // What is wrong with a whole record, its message says.
            String shown = value == null || value instanceof Record ? "" : ", not " + shorten(value);
            throw new InvalidMessageException(field, violation.getMessage() + shown);
        }
        return message;
    }

    private static InvalidMessageException mapping(JsonMappingException e) {
        if (e.getCause() instanceof StreamReadException cause && !(cause instanceof InputCoercionException)) {
            return new InvalidMessageException("", syntax(cause));
        }
        String field = e.getPath().stream()
                .map(reference ->
                        reference.getFieldName() == null ? "[" + reference.getIndex() + "]" : reference.getFieldName())
                .collect(Collectors.joining("."));
        return new InvalidMessageException(field, reason(e));
    }

    /** In the words of JSON: whoever sent it knows neither Java's types nor the parser's. */
    private static String reason(JsonMappingException e) {
        if (e.getCause() instanceof IllegalArgumentException cause) {
            return cause.getMessage();
        }
        if (e.getCause() instanceof InputCoercionException) {
            return "is a number out of range";
        }
        if (e.getCause() instanceof StreamConstraintsException cause) {
            return limit(cause);
        }
        if (e instanceof UnrecognizedPropertyException) {
            return "is not a known field";
        }
        if (e instanceof InvalidFormatException format) {
            return "must be %s, not %s".formatted(kind(format.getTargetType()), shorten(format.getValue()));
        }
        if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "must be " + kind(mismatch.getTargetType());
        }
        return "is not what the field holds";
    }

    private static String syntax(IOException e) {
        if (e instanceof StreamConstraintsException limit) {
            return "not valid JSON: " + limit(limit);
        }
        if (e instanceof JsonEOFException) {
            return "not valid JSON: it ends too early";
        }
        return e instanceof JsonProcessingException json && json.getLocation() != null
                ? "not valid JSON, near byte " + json.getLocation().getByteOffset()
                : "not valid JSON";
    }

    /** What the parser says, without the setting that says so. */
    private static String limit(StreamConstraintsException e) {
        return e.getOriginalMessage().replaceFirst(", from `[^`]*`", "");
    }

    private static String kind(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> MAPPER.convertValue(constant, String.class))
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        return Collection.class.isAssignableFrom(type) ? "a JSON array" : KINDS.getOrDefault(type, "a JSON object");
    }

    /** A path in the message: fields by their names in JSON, a map's entries by their keys as they are. */
    private static String field(Path path) {
        var field = new StringBuilder();
        for (Path.Node node : path) {
            Object place = node.getKey() == null ? node.getIndex() : node.getKey();
            if (place != null) {
                field.append('[').append(place).append(']');
            }
            if (node.getKind() == ElementKind.PROPERTY) {
                field.append(field.isEmpty() ? "" : ".").append(SnakeCaseStrategy.INSTANCE.translate(node.getName()));
            }
        }
        return field.toString();
    }

    private static String shorten(Object value) {
        if (value instanceof Collection<?> values) {
            return Integer.toString(values.size());
        }
        if (value instanceof Map<?, ?> entries) {
            return Integer.toString(entries.size());
        }
        String text = value instanceof CharSequence ? "\"" + value + "\"" : String.valueOf(value);
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "… (" + text.length() + " characters)";
    }
}
