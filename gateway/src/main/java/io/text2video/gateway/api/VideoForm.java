package io.text2video.gateway.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.image.InputImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.multipart.FormValue;
import org.jboss.resteasy.reactive.server.multipart.MultipartFormDataInput;

/**
 * What a client asks for in a form. A form's fields are text: those that are text in JSON are taken as they are, the
 * others must be what they would be in JSON, and then the same rules hold.
 */
record VideoForm(CreateVideoRequest wanted, Optional<StartImage> image) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Map<String, Class<?>> TYPES = Arrays.stream(CreateVideoRequest.class.getRecordComponents())
            .collect(Collectors.toMap(
                    component -> SnakeCaseStrategy.INSTANCE.translate(component.getName()), RecordComponent::getType));
    private static final Set<Class<?>> TEXT = Set.of(String.class, NewInputReference.class);

    /** @throws ApiException when a field is unknown, sent twice, not of its type, or too large */
    static VideoForm read(MultipartFormDataInput input) {
        ObjectNode fields = JSON.createObjectNode();
        Optional<StartImage> image = Optional.empty();
        long characters = 0;
        for (Map.Entry<String, Collection<FormValue>> part : input.getValues().entrySet()) {
            String name = part.getKey();
            if (part.getValue().size() != 1) {
                throw invalid(
                        name, "was sent %d times".formatted(part.getValue().size()));
            }
            FormValue value = part.getValue().iterator().next();
            if (!value.isFileItem()) {
                characters += value.getValue().length();
                fields.set(name, json(name, value.getValue()));
            } else if (name.equals(StartImage.FIELD)) {
                image = Optional.of(file(value));
            } else {
                throw invalid(name, "cannot be a file");
            }
        }
        BodyLimits.check(characters, BodyLimits.TEXT);
        CreateVideoRequest wanted = wanted(fields);
        return new VideoForm(wanted, image.or(() -> StartImage.of(wanted.inputReference())));
    }

    private static CreateVideoRequest wanted(ObjectNode fields) {
        try {
            return JsonCodec.readStrictly(JsonCodec.write(fields), CreateVideoRequest.class, BodyLimits.JSON);
        } catch (InvalidMessageException e) {
            throw ApiException.of(e);
        }
    }

    private static JsonNode json(String name, String text) {
        boolean isText = TEXT.contains(TYPES.getOrDefault(name, String.class));
        if (isText && !(name.equals(StartImage.FIELD) && text.startsWith("{"))) {
            return TextNode.valueOf(text);
        }
        try {
            JsonNode value = JSON.readTree(text);
            return value.isMissingNode() ? TextNode.valueOf(text) : value;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text);
        }
    }

    private static StartImage file(FormValue value) {
        try (InputStream in = value.getFileItem().getInputStream()) {
            return new StartImage.Sent(in.readNBytes(InputImage.MAX_BYTES + 1));
        } catch (IOException e) {
            throw new UncheckedIOException("the form's file cannot be read", e);
        }
    }

    private static ApiException invalid(String field, String reason) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, field, field + " " + reason);
    }
}
