package io.text2video.worker.files;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * JSON as Python's {@code json} module reads it, which wrote most of what lies beside weights: {@code NaN} and {@code
 * Infinity} are numbers, of a key that is there twice the last value counts, keys keep their order, and nothing may follow.
 */
public final class PythonJson {
    private PythonJson() {}

    /** A mapper that reads so, to be configured further. */
    public static JsonMapper.Builder mapper() {
        return JsonMapper.builder()
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }
}
