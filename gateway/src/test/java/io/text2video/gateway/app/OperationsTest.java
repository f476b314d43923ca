package io.text2video.gateway.app;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Management;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class OperationsTest {
    /** It is ready when it knows the jobs, which is soon after its start. */
    @BeforeEach
    void awaitReadiness() {
        await().until(() -> given().get(Management.url("/q/health/ready")).statusCode() == 200);
    }

    @Test
    void shouldBeReadyAndAlive() {
        given().get(Management.url("/q/health/ready"))
                .then()
                .statusCode(200)
                .body(
                        "checks.find { it.name == 'gateway' }.data",
                        equalTo(Map.of("threads", true, "channels", true, "filled", true, "serving", true)));
        given().get(Management.url("/q/health/live"))
                .then()
                .statusCode(200)
                .body(
                        "checks.find { it.name == 'threads' }.data",
                        equalTo(Map.of(
                                "batches", true,
                                "job-view", true,
                                "backlog", true,
                                "leadership", true,
                                "reaper", true,
                                "retention", true,
                                "video-control-gateways", true,
                                "video-retry", true,
                                "video-webhooks", true)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health", "/q/health/ready", "/q/health/live", "/q/health/well", "/q/metrics"})
    void shouldTellClientsNothingOfItself(String path) {
        given().get(path).then().statusCode(404).body("error.code", equalTo("not_found"));
        given().get(Management.url(path)).then().statusCode(200).header("X-Content-Type-Options", "nosniff");
    }

    @Test
    void shouldHaveNoneOfQuarkusPathsBesideTheApiNorTheApiBesideThem() {
        for (String path : List.of("/q", "/q/", "/q/openapi", "/q/swagger-ui/", "/q/dev", "/q/info", "/q/arc")) {
            given().get(path).then().statusCode(404);
        }
        for (String path : List.of("/v1/videos", "/v1/models", "/openapi", "/swagger-ui/", "/")) {
            given().get(Management.url(path)).then().statusCode(404);
        }
    }

    @Test
    void shouldShowMetrics() {
        given().contentType(ContentType.JSON)
                .body("{\"prompt\":\"a red ball\"}")
                .post("/v1/videos")
                .then()
                .statusCode(202);

        await().untilAsserted(() -> assertThat(
                        given().get(Management.url("/q/metrics")).asString())
                .contains(
                        "text2video_jobs_submitted_total",
                        "text2video_jobs{status=\"queued\"}",
                        "text2video_gateway_ready 1.0",
                        "text2video_store_failures_total",
                        "text2video_view_lag",
                        "text2video_queue_jobs{pool=\"default\",state=\"waiting\"}",
                        "text2video_queue_work_seconds{pool=\"default\"}",
                        "text2video_queue_oldest_seconds{pool=\"default\"}",
                        "text2video_queue_drain_seconds{pool=\"default\"}",
                        "text2video_event_streams",
                        "text2video_webhook_hosts_paused"));
    }

    @Test
    void shouldDescribeTheApi() {
        given().queryParam("format", "json")
                .get("/openapi")
                .then()
                .statusCode(200)
                .body("info.title", equalTo("Text2Video Fleet"))
                .body(
                        "paths.keySet()",
                        hasItems(
                                "/v1/videos",
                                "/v1/videos/{id}",
                                "/v1/videos/{id}/content",
                                "/v1/videos/{id}/events",
                                "/v1/videos/events",
                                "/v1/videos/{id}/remix",
                                "/v1/videos/{id}/webhooks",
                                "/v1/videos/{id}/webhooks/{delivery}/redeliver",
                                "/v1/videos/batches",
                                "/v1/videos/batches/{id}",
                                "/v1/videos/batches/{id}/cancel",
                                "/v1/videos/edits",
                                "/v1/videos/extensions",
                                "/v1/videos/characters",
                                "/v1/videos/characters/{id}",
                                "/v1/models",
                                "/v1/models/{id}"))
                .body("components.responses", hasKey("Error"))
                .body("components.schemas.Video.properties", hasKey("created_at"))
                .body("components.schemas.Video.properties", hasKey("stage"))
                .body("paths.'/v1/videos/{id}/events'.get.responses.'200'.content", hasKey("text/event-stream"))
                .body("paths.'/v1/videos/{id}/events'.get.parameters.name", hasItems("id", "Last-Event-ID"))
                .body("components.schemas.CreateVideoRequest.properties", hasKey("negative_prompt"))
                .body("components.schemas.CreateVideoRequest.properties", hasKey("input_reference"))
                .body("components.schemas.Model.properties", hasKey("owned_by"))
                .body("paths.'/v1/videos'.post.parameters.name", hasItems("Idempotency-Key", "Prefer"))
                .body("paths.'/v1/videos/{id}'.get.parameters.name", hasItems("Prefer"))
                .body("paths.'/v1/videos/{id}/content'.get.responses.keySet()", hasItems("304", "412", "501"))
                .body("paths.'/v1/videos'.post.requestBody.content", hasKey("application/json"))
                .body("paths.'/v1/videos'.post.requestBody.content", hasKey("multipart/form-data"))
                .body("paths.'/v1/videos/{id}/remix'.post.requestBody.content.keySet()", hasSize(2))
                .body(
                        "paths.'/v1/videos'.get.parameters.name",
                        hasItems("limit", "after", "order", "status", "model", "batch", "metadata"))
                .body("paths.'/v1/videos/{id}/remix'.post.parameters.name", hasItems("Idempotency-Key", "Prefer"))
                .body("paths.'/v1/videos/batches'.post.requestBody.content.keySet()", hasSize(3));
        given().get("/swagger-ui/").then().statusCode(200);
    }
}
