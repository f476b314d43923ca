package io.text2video.gateway.api.bodies;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A form's fields as the JSON that says the same. Brackets in a name lead into objects and lists, as OpenAI's clients write
 * them: {@code webhook[url]}, {@code metadata[key]}, {@code loras[0][id]}, and {@code loras[][id]}, where a field that the
 * last element has already begins the next one. A field's text is a string where the request has one, and else what it would
 * be in JSON; whether it is right, the request's own rules say.
 */
final class FormFields {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int DEEPEST = 4;
    private static final Pattern NAME = Pattern.compile("([^\\[\\]]+)((?:\\[[^\\[\\]]*\\]){0,%d})".formatted(DEEPEST));
    private static final Pattern KEY = Pattern.compile("\\[([^\\[\\]]*)\\]");
    private static final Pattern INDEX = Pattern.compile("\\d{1,4}");

    private final Class<?> request;
    private final ObjectNode fields = JSON.createObjectNode();

    /** @param request the record that they are to be the fields of */
    FormFields(Class<?> request) {
        this.request = request;
    }

    /** All fields so far. */
    ObjectNode json() {
        return fields;
    }

    /** What the field of that name holds in the request; {@link Object} where it has none. */
    Type typeOf(String name) {
        return member(request, name);
    }

    /** @throws ApiException when the field is there already, or where another one is */
    void add(String name, String text) {
        new Addition(name, text).put(fields, request, keys(name));
    }

    /** A name that is no path is one key. */
    private static List<String> keys(String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            return List.of(name);
        }
        List<String> keys = new ArrayList<>(List.of(parts.group(1)));
        KEY.matcher(parts.group(2)).results().forEach(key -> keys.add(key.group(1)));
        return keys;
    }

    private static Type member(Type type, String key) {
        if (type instanceof ParameterizedType generic) {
            // A list's elements, or a map's values.
            Type[] arguments = generic.getActualTypeArguments();
            return arguments[arguments.length - 1];
        }
        return !(type instanceof Class<?> owner && owner.isRecord())
                ? Object.class
                : Arrays.stream(owner.getRecordComponents())
                        .filter(component -> SnakeCaseStrategy.INSTANCE
                                .translate(component.getName())
                                .equals(key))
                        .map(RecordComponent::getGenericType)
                        .findFirst()
                        .orElse(Object.class);
    }

    /** One field on its way to its place. */
    private record Addition(String name, String text) {
        void put(JsonNode parent, Type type, List<String> keys) {
            String key = keys.get(0);
            List<String> rest = keys.subList(1, keys.size());
            if (parent instanceof ObjectNode object) {
                Type member = member(type, key);
                put(object, key, member, rest);
            } else if (parent instanceof ArrayNode list) {
                put(list, key, member(type, key), rest);
            } else {
                throw refused("was sent with brackets and without");
            }
        }

        private void put(ObjectNode object, String key, Type type, List<String> rest) {
            if (rest.isEmpty() && object.has(key)) {
                throw refused("was sent 2 times or more");
            }
            if (!object.has(key)) {
                object.set(key, rest.isEmpty() ? value(type) : container(type, rest));
            }
            if (!rest.isEmpty()) {
                put(object.get(key), type, rest);
            }
        }

        private void put(ArrayNode list, String key, Type type, List<String> rest) {
            int index = key.isEmpty() ? nextOf(list, rest) : index(key, list.size());
            if (rest.isEmpty() && index < list.size()) {
                throw refused("was sent 2 times or more");
            }
            if (index == list.size()) {
                list.add(rest.isEmpty() ? value(type) : container(type, rest));
            }
            if (!rest.isEmpty()) {
                put(list.get(index), type, rest);
            }
        }

        /** The last element, unless it has that field. */
        private static int nextOf(ArrayNode list, List<String> rest) {
            JsonNode field = list.get(list.size() - 1);
            for (int i = 0; i < rest.size() && field != null; i++) {
                field = field.get(rest.get(i));
            }
            return list.isEmpty() || rest.isEmpty() || field != null ? list.size() : list.size() - 1;
        }

        private int index(String key, int size) {
            int index = INDEX.matcher(key).matches() ? Integer.parseInt(key) : Integer.MAX_VALUE;
            if (index > size) {
                throw refused("must come after those before it: [%d] is next".formatted(size));
            }
            return index;
        }

        private static JsonNode container(Type type, List<String> rest) {
            boolean isList = type instanceof ParameterizedType generic && generic.getRawType() == List.class;
            boolean asList = rest.get(0).isEmpty()
                    || isList && INDEX.matcher(rest.get(0)).matches();
            return asList ? JSON.createArrayNode() : JSON.createObjectNode();
        }

        private JsonNode value(Type type) {
            boolean isText = type == String.class
                    || type == Object.class
                    || type == NewInputReference.class && !text.startsWith("{");
            if (isText) {
                return TextNode.valueOf(text);
            }
            try {
                JsonNode value = JSON.readTree(text);
                return value.isMissingNode() ? TextNode.valueOf(text) : value;
            } catch (JsonProcessingException e) {
                return TextNode.valueOf(text);
            }
        }

        private ApiException refused(String reason) {
            return ApiException.of(ApiErrorCode.INVALID_VALUE, name, name + " " + reason);
        }
    }
}
