package io.text2video.gateway.api.creation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.gateway.api.bodies.SentBody;
import io.text2video.gateway.api.errors.ApiException;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each field of a request has the type that {@code docs/03-http-api.md} gives it, and takes no other. */
class CreateVideoRequestTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "prompt              | 5, 0.5, true, [], {}                 | a string",
                "model               | 5, 0.5, true, [], {}                 | a string",
                "size                | 5, 0.5, true, [], {}                 | a string",
                "width               | '64', 64.0, true, '', [], {}         | a whole number",
                "height              | '64', 64.0, true, '', [], {}         | a whole number",
                "seconds             | 6, 6.0, true, [], {}                 | a string",
                "num_frames          | '17', 17.0, true, '', [], {}         | a whole number",
                "fps                 | '8', 8.0, true, '', [], {}           | a whole number",
                "negative_prompt     | 5, 0.5, true, [], {}                 | a string",
                "num_inference_steps | '5', 5.0, true, '', [], {}           | a whole number",
                "guidance_scale      | '5', true, '', [], {}                | a number",
                "use_dynamic_cfg     | 0, 1, 'true', '', [], {}             | true or false",
                "enhance_prompt      | 0, 1, 'true', '', [], {}             | true or false",
                "eta                 | '5', true, '', [], {}                | a number",
                "cache_threshold     | '0.5', true, '', [], {}              | a number",
                "loras               | 5, true, '', 'rain', {}              | a JSON array",
                "timesteps           | 5, true, '', '999,856', {}           | a JSON array",
                "input_reference     | 5, 0.5, true, []                     | ",
                "seed                | '5', 5.0, true, '', [], {}           | a whole number",
                "n                   | '2', 2.0, true, '', [], {}           | a whole number",
                "webhook             | 5, 0.5, true, []                     | ",
            })
    void shouldTakeNothingForAnotherType(String field, String values, String type) {
        for (String value : values.split(", ")) {
            String others = field.equals("prompt") ? "" : "'prompt':'a',";

            JsonNode error = refusal("{%s'%s':%s}".formatted(others, field, value));

            assertThat(error.at("/code").asText()).as(field + " = " + value).isEqualTo("invalid_value");
            assertThat(error.at("/param").asText()).isEqualTo(field);
            assertThat(error.at("/message").asText()).startsWith(field + " must be " + (type == null ? "" : type));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'loras':[{'id':5}]                   | loras.[0].id              | a string, not 5",
                "'loras':[{'id':'a','scale':'1'}]     | loras.[0].scale           | a number",
                "'timesteps':[999,'856']              | timesteps.[1]             | a whole number",
                "'webhook':{'url':5}                  | webhook.url               | a string, not 5",
                "'webhook':{'url':'https://a','events':['video.started']} | webhook.events.[0] | one of video.queued,"
                        + " video.in_progress, video.completed, video.failed, video.cancelled, video.deleted, not"
                        + " \"video.started\"",
                "'webhook':{'url':'https://a','secret':'whsec_aHVudGVyMg=='} | webhook.secret | whsec_ followed by the"
                        + " base64 of 24 to 64 bytes",
                "'input_reference':{'image_url':5}    | input_reference.image_url | a string, not 5",
                "'input_reference':{'key':true}       | input_reference.key       | a string, not true",
            })
    void shouldTakeNothingForAnotherTypeWithinAField(String field, String param, String type) {
        JsonNode error = refusal("{'prompt':'a',%s}".formatted(field));

        assertThat(error.at("/param").asText()).isEqualTo(param);
        assertThat(error.at("/message").asText()).isEqualTo(param + " must be " + type);
    }

    private static JsonNode refusal(String json) {
        var refusal = catchThrowableOfType(
                ApiException.class,
                () -> SentBody.read(
                        "application/json", json.replace('\'', '"').getBytes(UTF_8), CreateVideoRequest.class));
        assertThat(refusal).as(json).isNotNull();
        try {
            return new ObjectMapper().readTree(refusal.body()).path("error");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
