package io.text2video.common.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import java.io.IOException;
import java.time.Instant;
import java.util.regex.Pattern;

/** A time as ISO 8601. Jackson's own reader also takes numbers, and strings of digits, for seconds since 1970. */
final class InstantReader extends StdScalarDeserializer<Instant> {
    private static final long serialVersionUID = 1L;
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9.]*");

    InstantReader() {
        super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
        boolean isText = json.hasToken(JsonToken.VALUE_STRING);
        if (json.currentToken().isScalarValue()
                && !(isText && !NUMBER.matcher(json.getText()).matches())) {
            Object value = json.currentToken().isNumeric() ? json.getNumberValue() : json.getText();
            throw InvalidFormatException.from(json, "no ISO 8601 time", value, Instant.class);
        }
        return InstantDeserializer.INSTANT.deserialize(json, context);
    }
}
