package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.OtherPrograms;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What clients say of their jobs beside what to draw: it is kept, shown and listed by. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class MetadataTest {
    @Inject
    OtherPrograms others;

    @Test
    void shouldKeepTheUserAndTheMetadata() {
        String id = json("{'prompt':'a','user':'someone','metadata':{'project':'spring','myKey':''}}")
                .statusCode(202)
                .body("user", equalTo("someone"))
                .extract()
                .path("id");

        given().get("/v1/videos/" + id)
                .then()
                .body("user", equalTo("someone"))
                .body("metadata", equalTo(Map.of("project", "spring", "myKey", "")));
    }

    @Test
    void shouldKeepWhatAFormSaysInBrackets() {
        given().multiPart("prompt", "a")
                .multiPart("user", "17")
                .multiPart("metadata[number]", "17")
                .multiPart("metadata[0]", "true")
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .body("user", equalTo("17"))
                .body("metadata", equalTo(Map.of("number", "17", "0", "true")));
    }

    @Test
    void shouldTakeAsManyPairsAsMayBeAndNoMore() {
        String key = "k".repeat(62);
        json("{'prompt':'a','metadata':{%s}}".formatted(pairs(key, "v".repeat(512), 16)))
                .statusCode(202);

        json("{'prompt':'a','metadata':{%s}}".formatted(pairs("k", "v", 17)))
                .statusCode(400)
                .body("error.param", equalTo("metadata"))
                .body("error.message", equalTo("metadata must have at most 16 pairs, not 17"));
        json("{'prompt':'a','metadata':{%s}}".formatted(pairs(key + "kk", "v", 1)))
                .statusCode(400)
                .body("error.message", containsString("has a key of more than 64 characters"));
        json("{'prompt':'a','metadata':{'myKey':'%s'}}".formatted("v".repeat(513)))
                .statusCode(400)
                .body("error.param", equalTo("metadata[myKey]"));
        json("{'prompt':'a','user':'%s'}".formatted("u".repeat(513)))
                .statusCode(400)
                .body("error.param", equalTo("user"));
    }

    /** Programs that draw with diffusers have that habit. */
    @Test
    void shouldHaveASeedDrawnForMinusOne() {
        json("{'prompt':'a','seed':-1}").statusCode(202).body("seed", nullValue());
        given().multiPart("prompt", "a")
                .multiPart("seed", "-1")
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .body("seed", nullValue());
    }

    @Test
    void shouldListJobsByWhatIsSaidOfThem() {
        String mine = JobId.next().toString();
        String first = queued(mine, "a");
        String second = queued(mine, "b");
        String third = queued(mine, "a");
        JobSnapshot ended = Jobs.completed(Jobs.queued(JobId.next(), Instant.now(), null), 7);
        others.snapshot(ended);

        assertThat(ids(given().queryParam("metadata[mine]", mine))).containsExactly(third, second, first);
        assertThat(ids(given().queryParam("metadata[mine]", mine).queryParam("order", "asc")))
                .containsExactly(first, second, third);
        assertThat(ids(given().queryParam("metadata[mine]", mine).queryParam("metadata[kind]", "a")))
                .containsExactly(third, first);
        assertThat(ids(given().queryParam("metadata[mine]", mine).queryParam("status", "queued")))
                .hasSize(3);
        assertThat(ids(given().queryParam("metadata[mine]", mine).queryParam("status", "completed")))
                .isEmpty();
        assertThat(ids(given().queryParam("metadata[mine]", mine).queryParam("model", "x")))
                .isEmpty();
        assertThat(ids(given().queryParam("model", ended.model()).queryParam("status", "completed")))
                .contains(ended.id().toString());
    }

    @Test
    void shouldGoThroughPagesOfAFilteredList() {
        String mine = JobId.next().toString();
        String first = queued(mine, "a");
        queued(mine, "b");
        String third = queued(mine, "a");

        given().queryParam("metadata[mine]", mine)
                .queryParam("metadata[kind]", "a")
                .queryParam("limit", 1)
                .get("/v1/videos")
                .then()
                .body("data.id", contains(third))
                .body("has_more", equalTo(true));
        given().queryParam("metadata[mine]", mine)
                .queryParam("metadata[kind]", "a")
                .queryParam("limit", 1)
                .queryParam("after", third)
                .get("/v1/videos")
                .then()
                .body("data.id", contains(first))
                .body("has_more", equalTo(false));
        given().queryParam("metadata[mine]", mine)
                .queryParam("after", first)
                .get("/v1/videos")
                .then()
                .body("data", empty());
    }

    private static String queued(String mine, String kind) {
        return json("{'prompt':'a','metadata':{'mine':'%s','kind':'%s'}}".formatted(mine, kind))
                .statusCode(202)
                .extract()
                .path("id");
    }

    private static String pairs(String key, String value, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "'%s%d':'%s'".formatted(key, i, value))
                .collect(Collectors.joining(","));
    }

    private static List<String> ids(RequestSpecification list) {
        return list.get("/v1/videos").then().statusCode(200).extract().path("data.id");
    }

    private static ValidatableResponse json(String body) {
        return given().contentType(ContentType.JSON)
                .body(body.replace('\'', '"'))
                .post("/v1/videos")
                .then();
    }
}
