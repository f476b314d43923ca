package io.text2video.common.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
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
import jakarta.validation.ConstraintViolation;
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
            Map.entry(JobId.class, "a UUID"),
            Map.entry(Instant.class, "an ISO 8601 time"));

    /**
     * Every value must be of its field's type, and a whole number where one is asked for: 5 is no string, "12" no number, 12.5
     * no whole one. They are refused, not bent.
     */
    private static final ObjectMapper MAPPER = JsonMapper.builder(factory(200_000))
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule().addDeserializer(Instant.class, new InstantReader()))
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual, JsonCodec::refuseScalars)
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
        T message;
        try {
            message = reader.forType(type).readValue(json);
        } catch (JsonMappingException e) {
            throw mapping(e);
        } catch (IOException e) {
            String reason = e instanceof JsonProcessingException json2 ? json2.getOriginalMessage() : e.getMessage();
            throw new InvalidMessageException("", "not valid JSON: " + reason);
        }
        if (message == null) {
            throw new InvalidMessageException("", "must be a JSON object, not null");
        }
        return validate(message);
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
            String field = snakeCase(violation.getPropertyPath().toString());
            Object value = violation.getInvalidValue();
            String shown = value == null ? "" : ", not " + shorten(value);
            throw new InvalidMessageException(field, violation.getMessage() + shown);
        }
        return message;
    }

    private static InvalidMessageException mapping(JsonMappingException e) {
        String field = e.getPath().stream()
                .map(reference ->
                        reference.getFieldName() == null ? "[" + reference.getIndex() + "]" : reference.getFieldName())
                .collect(Collectors.joining("."));
        return new InvalidMessageException(field, reason(e));
    }

    /** In the words of JSON: whoever sent it knows no Java types. */
    private static String reason(JsonMappingException e) {
        if (e.getCause() instanceof IllegalArgumentException cause) {
            return cause.getMessage();
        }
        if (e.getCause() instanceof StreamReadException cause) {
            return "is not valid JSON: " + cause.getOriginalMessage();
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
        return e.getOriginalMessage();
    }

    private static String kind(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> MAPPER.convertValue(constant, String.class))
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        return Collection.class.isAssignableFrom(type) ? "a JSON array" : KINDS.getOrDefault(type, "a JSON object");
    }

    private static String snakeCase(String path) {
        return SnakeCaseStrategy.INSTANCE.translate(path);
    }

    private static String shorten(Object value) {
        String text = value instanceof CharSequence ? "\"" + value + "\"" : String.valueOf(value);
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "… (" + text.length() + " characters)";
    }
}
