package io.text2video.common.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.LoraScale;
import io.text2video.common.model.VideoParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCodecTest {
    private static final String ID = "019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f";

    @Test
    void shouldTakeARequestOfIdAndPromptAlone() throws Exception {
        VideoRequest request = read("{'id':'%s','prompt':'a ball'}".formatted(ID));

        assertThat(request.id()).isEqualTo(JobId.parse(ID));
        assertThat(request.version()).isEqualTo(VideoRequest.VERSION);
        assertThat(request.parameters()).isEqualTo(VideoParameters.DEFAULTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"my style (v2) [final]", "ratio 16:9", "水墨", "Ünïcödé", "...", "-1", "x"})
    void shouldTakeALoraByAnyFilesName(String name) throws Exception {
        VideoRequest request = read(
                "{'id':'%s','prompt':'a ball','parameters':{'loras':[{'id':'%s','scale':0.5}]}}".formatted(ID, name));

        assertThat(request.parameters().loras()).containsExactly(new LoraScale(name, 0.5));
    }

    @Test
    void shouldIgnoreFieldsOfALaterRelease() throws Exception {
        VideoRequest request =
                read("{'version':7,'id':'%s','prompt':'a ball','mood':{'x':[1]},'parameters':{'fps':8,'zoom':2}}"
                        .formatted(ID));

        assertThat(request.version()).isEqualTo(7);
        assertThat(request.parameters().fps()).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'prompt':'a','mood':1}                                | mood                  | mood is not a known field",
                "{'prompt':'a','parameters':{'zoom':1}}                 | parameters.zoom       | parameters.zoom is not a known field",
                "{'prompt':'a','parameters':{'fps':'x'}}                | parameters.fps        | parameters.fps must be a whole number",
                "{'prompt':'a','parameters':{'fps':{}}}                 | parameters.fps        | parameters.fps must be a whole number",
                "{'prompt':['a']}                                       | prompt                | prompt must be a string",
                "{'prompt':5}                                           | prompt                | prompt must be a string, not 5",
                "{'prompt':0.5}                                         | prompt                | prompt must be a string, not 0.5",
                "{'prompt':true}                                        | prompt                | prompt must be a string, not true",
                "{'created_at':1767323045}                              | created_at            | created_at must be an ISO 8601 time, not 1767323045",
                "{'created_at':'1767323045'}                            | created_at            | created_at must be an ISO 8601 time, not \"1767323045\"",
                "{'created_at':'soon'}                                  | created_at            | created_at must be an ISO 8601 time, not \"soon\"",
                "[]                                                     | ''                    | must be a JSON object",
            })
    void shouldExplainARefusalInTheWordsOfJson(String json, String field, String message) {
        var refusal = catchThrowableOfType(
                InvalidMessageException.class,
                () -> JsonCodec.readStrictly(json.replace('\'', '"').getBytes(UTF_8), VideoRequest.class));

        assertThat(refusal.field()).isEqualTo(field);
        assertThat(refusal).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'prompt':'a'}                                         | id                             | must not be null",
                "{'id':'17','prompt':'a'}                               | id                             | must be a UUID of 36 characters",
                "{'id':'ID'}                                            | prompt                         | must not be blank",
                "{'id':'ID','prompt':'  '}                              | prompt                         | must not be blank",
                "{'id':'ID','prompt':'a','model':'../etc'}              | model                          | must hold only letters",
                "{'id':'ID','prompt':'a','parameters':{'height':8}}     | parameters.height              | greater than or equal to 16, not 8",
                "{'id':'ID','prompt':'a','parameters':{'width':1e9}}    | parameters.width               | ",
                "{'id':'ID','prompt':'a','parameters':{'width':'64'}}   | parameters.width               | ",
                "{'id':'ID','prompt':'a','parameters':{'num_frames':17.5}} | parameters.num_frames       | ",
                "{'id':'ID','prompt':'a','parameters':{'num_frames':0}} | parameters.num_frames          | greater than or equal to 1, not 0",
                "{'id':'ID','prompt':'a','parameters':{'num_inference_steps':5000}} | parameters.num_inference_steps | less than or equal to 1000, not 5000",
                "{'id':'ID','prompt':'a','parameters':{'guidance_scale':-1}} | parameters.guidance_scale | greater than or equal to 0, not -1.0",
                "{'id':'ID','prompt':'a','parameters':{'loras':[{'id':'a/b'}]}} | parameters.loras[0].id | no slash, backslash or control character",
                "{'id':'ID','prompt':'a','parameters':{'loras':[{'id':''}]}} | parameters.loras[0].id | must be a file's name",
                "{'id':'ID','prompt':'a','parameters':{'loras':[{'id':'a\\\\nb'}]}} | parameters.loras[0].id | must be a file's name",
                "{'id':'ID','prompt':'a','parameters':{'guidance_scale':1e400}} | parameters.guidance_scale | ",
                "{'id':'ID','prompt':'a','parameters':{'cache_threshold':1.5}} | parameters.cache_threshold | must be from 0 (every step is computed) to 1, not 1.5",
                "{'id':'ID','prompt':'a','parameters':{'cache_threshold':-0.1}} | parameters.cache_threshold | must be from 0 (every step is computed) to 1, not -0.1",
                "{'id':'ID','prompt':'a','parameters':{'cache_threshold':'NaN'}} | parameters.cache_threshold | must be from 0 (every step is computed) to 1, not NaN",
                "{'id':'ID','prompt':'a','parameters':{'cache_threshold':'on'}} | parameters.cache_threshold | must be a number",
                "{'id':'ID','prompt':'a','parameters':{'seed':-1}}      | parameters.seed                | greater than or equal to 0, not -1",
                "{'id':'ID','prompt':'a','parameters':[]}               | parameters                     | ",
                "{'id':'ID','prompt':'a','webhook':{}}                  | webhook.url                    | must not be null",
                "{'id':'ID','prompt':'a','webhook':{'url':'file:///etc/passwd'}} | webhook.url           | must be an http or https URL",
                "{'id':'ID','prompt':'a','webhook':{'url':'http://user:pass@host/'}} | webhook.url       | must be an http or https URL",
                "{'id':'ID','prompt':'a','created_at':'yesterday'}      | created_at                     | yesterday"
            })
    void shouldRefuseWithFieldAndLimit(String json, String field, String message) {
        var refusal = refusal(json.replace("ID", ID));

        assertThat(refusal.field()).isEqualTo(field);
        assertThat(refusal).hasMessageStartingWith(field).hasMessageContaining(message == null ? "" : message);
    }

    /** What a field takes is what {@code docs/04-kafka.md} says of it: everything else is refused, whatever it would convert to. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id                                  | 5, 0.5, true, [], {}",
                "version                             | '1', '', ' ', 1.0, 1.5, true, [], {}",
                "model                               | 5, 0.5, true, [], {}",
                "prompt                              | 5, 0.5, true, [], {}",
                "created_at                          | 5, 0.5, '5', true, [], {}",
                "parameters                          | 5, 0.5, true, '', 'x', []",
                "parameters.negative_prompt          | 5, 0.5, true, [], {}",
                "parameters.num_inference_steps      | '5', 5.0, true, '', ' ', [], {}",
                "parameters.guidance_scale           | '5', true, '', ' ', [], {}",
                "parameters.use_dynamic_cfg          | 0, 1, 0.0, 'true', '', ' ', [], {}",
                "parameters.eta                      | '5', true, '', ' ', [], {}",
                "parameters.cache_threshold          | '0.5', true, '', ' ', [], {}",
                "parameters.height                   | '64', 64.0, true, '', ' ', [], {}",
                "parameters.width                    | '64', 64.0, true, '', ' ', [], {}",
                "parameters.num_frames               | '17', 17.0, true, '', ' ', [], {}",
                "parameters.fps                      | '8', 8.0, true, '', ' ', [], {}",
                "parameters.seed                     | '5', 5.0, true, '', ' ', [], {}",
                "parameters.loras                    | 5, true, '', 'rain', {}, [5], ['rain'], [[]], [{'id':5}], [{'id':'a','scale':'1'}]",
                "input_reference                     | 5, true, '', 'a.png', []",
                "input_reference.key                 | 5, 0.5, true, [], {}",
                "webhook                             | 5, true, '', 'a', []",
                "webhook.url                         | 5, 0.5, true, [], {}",
                "webhook.events                      | 5, true, '', 'video.failed', {}, [5], ['failed'], [[]]",
                "webhook.secret                      | 5, 0.5, true, 'whsec_', 'hunter2', [], {}",
            })
    void shouldTakeNothingForAnotherType(String field, String values) {
        for (String value : values.split(", ")) {
            var refusal = refusal(message(field, value));

            assertThat(refusal).as(field + " = " + value).isNotNull();
            assertThat(refusal.field()).startsWith(field);
            assertThat(refusal).hasMessageContaining("must be");
        }
    }

    @Test
    void shouldTakeNoNumberForAState() {
        String job = "{'id':'%s','status':0,'prompt':'a','created_at':'2026-01-02T03:04:05Z'}".formatted(ID);

        var refusal = catchThrowableOfType(
                InvalidMessageException.class,
                () -> JsonCodec.read(job.replace('\'', '"').getBytes(UTF_8), JobSnapshot.class));

        assertThat(refusal).hasMessageStartingWith("status must be one of queued, in_progress");
    }

    /** A whole request but for one value. */
    private static String message(String field, String value) {
        String[] path = field.split("\\.");
        String json = "'%s':%s".formatted(path[path.length - 1], value);
        for (int i = path.length - 2; i >= 0; i--) {
            json = "'%s':{%s}".formatted(path[i], json);
        }
        String others = ("id prompt".contains(field) ? "" : "'id':'" + ID + "','prompt':'a',")
                + (field.equals("prompt") ? "'id':'" + ID + "'," : "");
        return "{" + others + json + "}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "17", "{'id':", "{} {}", "\u0000\u0001", "NaN"})
    void shouldRefuseWhatIsNoObject(String json) {
        assertThat(refusal(json).field()).isEmpty();
    }

    /** Whoever sent it does not know the parser. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'id':                                          | ``                    | not valid JSON: it ends too early",
                "{'id':'ID','prompt':'a                          | ``                    | not valid JSON: it ends too early",
                "{'id':'ID','prompt':a}                          | ``                    | not valid JSON, near byte",
                "{'id':'ID','prompt':'a','x':[[[[[[[[[[[[[[[[[[[[[1 | ``                 | not valid JSON: Document nesting depth (21) exceeds the maximum allowed (20)",
                "{'id':'ID','parameters':{'fps':99999999999}}    | parameters.fps        | parameters.fps is a number out of range",
                "{'id':'ID','prompt':'a','parameters':{'loras':[null]}} | parameters.loras[0] | parameters.loras[0] must not be null",
                "{'id':'ID','prompt':'a\\ud83d'}               | prompt                | prompt must be Unicode, but has half of a surrogate pair",
                "{'id':'ID','prompt':'\\ude00\\ud83d'}       | prompt                | prompt must be Unicode, but has half of a surrogate pair",
            })
    void shouldSayWhatIsWrongInItsOwnWords(String json, String field, String message) {
        var refusal = refusal(json.replace("ID", ID));

        assertThat(refusal.field()).isEqualTo(field);
        assertThat(refusal).hasMessageStartingWith(message);
        assertThat(refusal.getMessage()).doesNotContain("Source", "StreamRead", "java");
    }

    @Test
    void shouldTakeEveryUnicodeText() throws Exception {
        VideoRequest request = read("{'id':'%s','prompt':'größer 赤 \\ud83d\\ude00'}".formatted(ID));

        assertThat(request.prompt()).isEqualTo("größer 赤 😀");
    }

    @Test
    void shouldRefuseAPromptThatIsTooLongWithoutRepeatingIt() {
        var refusal = refusal("{'id':'%s','prompt':'%s'}".formatted(ID, "x".repeat(40_000)));

        assertThat(refusal.field()).isEqualTo("prompt");
        assertThat(refusal.getMessage()).contains("32000").hasSizeLessThan(300);
    }

    @Test
    void shouldRefuseDeepNesting() {
        assertThat(refusal("{'id':'%s','prompt':'a','x':%s1%s}".formatted(ID, "[".repeat(5000), "]".repeat(5000))))
                .hasMessageContaining("nesting");
    }

    private static InvalidMessageException refusal(String json) {
        return catchThrowableOfType(InvalidMessageException.class, () -> read(json));
    }

    private static VideoRequest read(String json) throws InvalidMessageException {
        return JsonCodec.read(json.replace('\'', '"').getBytes(UTF_8), VideoRequest.class);
    }
}
