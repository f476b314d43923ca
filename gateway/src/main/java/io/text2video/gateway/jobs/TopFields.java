package io.text2video.gateway.jobs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a few fields of a message and makes no objects of the others: in a quarter of the time that all of it takes. */
final class TopFields {
    private static final JsonFactory JSON = new JsonFactory();

    private TopFields() {}

    /**
     * @param wanted fields at the top of the message
     * @return the text of those that are there and have one, of an object's fields by {@code its name.theirs}; nothing when
     *     the message is not one JSON object
     */
    static Optional<Map<String, String>> read(byte[] message, Set<String> wanted) {
        if (message == null) {
            return Optional.empty();
        }
        try (JsonParser parser = JSON.createParser(message)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            Map<String, String> texts = new HashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (wanted.contains(field) && value == JsonToken.START_OBJECT) {
                    readObject(parser, field, texts);
                } else if (wanted.contains(field)) {
                    readText(parser, field, texts);
                } else {
                    parser.skipChildren();
                }
            }
            return parser.nextToken() == null ? Optional.of(texts) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void readObject(JsonParser parser, String field, Map<String, String> texts) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = field + "." + parser.currentName();
            parser.nextToken();
            readText(parser, name, texts);
        }
    }

    private static void readText(JsonParser parser, String field, Map<String, String> texts) throws IOException {
        if (parser.currentToken().isScalarValue() && parser.currentToken() != JsonToken.VALUE_NULL) {
            texts.put(field, parser.getText());
        } else {
            parser.skipChildren();
        }
    }
}
