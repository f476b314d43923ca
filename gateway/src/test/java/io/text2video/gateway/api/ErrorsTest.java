package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.blankOrNullString;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.containsStringIgnoringCase;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.text2video.common.job.JobId;
import io.text2video.gateway.fleet.GatewayFleetResource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class ErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "{'prompt':                          | null                | invalid_json",
                "'x'                                 | null                | invalid_json",
                "[]                                  | null                | invalid_json",
                "null                                | null                | invalid_json",
                "{}                                  | prompt              | invalid_value",
                "{'prompt':'  '}                     | prompt              | invalid_value",
                "{'prompt':['a']}                    | prompt              | invalid_value",
                "{'prompt':'a','mood':'calm'}         | mood                | invalid_value",
                "{'prompt':'a','parameters':{}}      | parameters          | invalid_value",
                "{'prompt':'a','model':'../x'}       | model               | invalid_value",
                "{'prompt':'a','width':15}           | width               | invalid_value",
                "{'prompt':'a','height':'64'}        | height              | invalid_value",
                "{'prompt':'a','num_frames':0}       | num_frames          | invalid_value",
                "{'prompt':'a','num_frames':4.5}     | num_frames          | invalid_value",
                "{'prompt':'a','fps':121}            | fps                 | invalid_value",
                "{'prompt':'a','num_inference_steps':0} | num_inference_steps | invalid_value",
                "{'prompt':'a','guidance_scale':-1}  | guidance_scale      | invalid_value",
                "{'prompt':'a','seed':-2}            | seed                | invalid_value",
                "{'prompt':'a','user':5}             | user                | invalid_value",
                "{'prompt':'a','metadata':'x'}       | metadata            | invalid_value",
                "{'prompt':'a','metadata':{'a':5}}   | metadata.a          | invalid_value",
                "{'prompt':'a','metadata':{'myKey':null}} | metadata[myKey] | invalid_value",
                "{'prompt':'a','metadata':{'':'b'}}  | metadata[]          | invalid_value",
                "{'prompt':'a','size':'big'}         | size                | invalid_value",
                "{'prompt':'a','size':'8x8'}         | size                | invalid_value",
                "{'prompt':'a','size':'64x64','width':64} | size           | invalid_value",
                "{'prompt':'a','seconds':'0'}        | seconds             | invalid_value",
                "{'prompt':'a','seconds':'999'}      | seconds             | invalid_value",
                "{'prompt':'a','seconds':'6','num_frames':49} | seconds    | invalid_value",
                "{'prompt':'a','seconds':'6','fps':0}| fps                 | invalid_value",
                "{'prompt':'a','loras':[null]}       | loras[0]            | invalid_value",
                "{'prompt':'a','fps':99999999999}    | fps                 | invalid_value",
                "{'prompt':'a\\ud83d'}             | prompt              | invalid_value",
                "{'prompt':'a','webhook':'ftp://x'}  | webhook.url         | invalid_value",
                "{'prompt':'a','webhook':{'url':'http://x','events':[]}} | webhook.events | invalid_value",
                "{'prompt':'a','webhook':{}}         | webhook.url         | invalid_value",
                "{'prompt':'a','webhook':{'url':'ftp://x'}} | webhook.url  | invalid_value",
                "{'prompt':'a','webhook':{'url':'http://x','secret':1}} | webhook.secret | invalid_value",
                "{'prompt':'a','webhook':{'url':'http://10.0.0.1/'}} | webhook.url | webhook_url_refused",
            })
    void shouldRefuseABodyAndNameTheField(String body, String param, String code) {
        expect(post(body == null ? "null" : body.replace('\'', '"')), 400, param, code);
    }

    @Test
    void shouldRefuseAnEmptyBody() {
        expect(given().contentType(ContentType.JSON).post("/v1/videos"), 400, null, "invalid_json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            value = {
                "``           | the body must be a JSON object, and is empty",
                "a red ball   | the body must be a JSON object, but is not valid JSON, near byte 0",
                "\"a red ball\" | the body must be a JSON object",
                "17           | the body must be a JSON object",
                "{} {}        | the body must be a JSON object",
                "{\"prompt\":\"a | the body must be a JSON object, but is not valid JSON: it ends too early",
                "{\"prompt\":[[[[[[[[[[[[[[[[[[[[1 | prompt must be a string",
            })
    void shouldSayThatABodyIsNoJsonObject(String body, String message) {
        post(body).then().statusCode(400).body("error.message", equalTo(message));
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
        "*/*",
        "json",
        ";",
        "a/b/c",
        "null"
    })
    void shouldRefuseABodyOfNoKnownType(String contentType) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/v1/videos"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"a red ball\"}"));
        if (!contentType.equals("null")) {
            request.header("Content-Type", contentType);
        }

        var answer = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body())
                .contains("\"unsupported_media_type\"", "application/json or multipart/form-data", "Content-Type");
    }

    @Test
    void shouldRefuseATooLargeBody() {
        expect(post("{\"prompt\":\"" + "a".repeat(1 << 20) + "\"}"), 413, null, "body_too_large");
    }

    @Test
    void shouldRefuseATooLongPrompt() {
        expect(post("{\"prompt\":\"" + "a".repeat(32_001) + "\"}"), 400, "prompt", "invalid_value");
    }

    @Test
    void shouldRefuseWhatIsNotJson() {
        expect(
                given().contentType("text/plain").body("a red ball").post("/v1/videos"),
                415,
                null,
                "unsupported_media_type");
    }

    @Test
    void shouldRefuseAMethodThatIsNotThere() {
        expect(given().delete("/v1/videos"), 405, null, "method_not_allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/video", "/v1/videos/x/y", "/nothing"})
    void shouldSayThatThereIsNothingAtAPath(String path) {
        expect(given().get(path), 404, null, "not_found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "17",
                "..%2F..%2Fetc%2Fpasswd",
                "019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0g",
                "019b7c2f1a2b7c3d8e4f5a6b7c8d9e0f",
                "%00",
                "{id}",
            })
    void shouldKnowNoVideoByAnOddId(String id) {
        expect(
                given().urlEncodingEnabled(false)
                        .get("/v1/videos/" + id.replace("{", "%7B").replace("}", "%7D")),
                404,
                null,
                "video_not_found");
    }

    @Test
    void shouldKnowNoVideoByAnIdThatWasNeverGiven() {
        expect(given().get("/v1/videos/" + JobId.next()), 404, null, "video_not_found");
        expect(given().get("/v1/videos/" + JobId.next() + "/content"), 404, null, "video_not_found");
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0,limit",
        "limit=101,limit",
        "limit=x,limit",
        "limit=-1,limit",
        "order=up,order",
        "status=deleted,status",
        "metadata=x,metadata",
        "metadata[a=x,metadata[a",
        "metadata[a]=x&metadata[a]=y,metadata[a]",
        "metadata[]=x,metadata[]",
        "after=17,after",
        "after=019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f,after"
    })
    void shouldRefuseAListThatCannotBe(String query, String param) {
        String encoded = query.replace("[", "%5B").replace("]", "%5D");

        expect(given().urlEncodingEnabled(false).get("/v1/videos?" + encoded), 400, param, "invalid_value");
    }

    private static Response post(String body) {
        return given().contentType(ContentType.JSON).body(body).post("/v1/videos");
    }

    private static void expect(Response response, int status, String param, String code) {
        response.then()
                .statusCode(status)
                .contentType(ContentType.JSON)
                .body("error.code", equalTo(code))
                .body("error.param", equalTo(param))
                .body("error.type", equalTo("invalid_request_error"))
                .body("error.message", not(blankOrNullString()))
                .body("error.message", not(containsStringIgnoringCase("java")))
                .body("error.message", not(containsStringIgnoringCase("jackson")))
                .body("error.message", not(containsString("Source")))
                .body("error.message", not(containsString("StreamRead")));
    }
}
