package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.job.JobId;
import io.text2video.gateway.fleet.FewThreads;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Images;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.Management;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.jobs.JobView;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@Tag("waits")
@QuarkusTest
@TestProfile(FewThreads.class)
@QuarkusTestResource(GatewayFleetResource.class)
class WaitForEndTest {
    private static final int CLIENTS_OF_EACH_KIND = 150;
    private static final String WAIT = "wait=60";
    /** Less than what is waited for. */
    private static final Duration HANGS = Duration.ofSeconds(55);

    @Inject
    OtherPrograms others;

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    private final JobId id = JobId.next();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void shouldAnswerAGetWhenTheJobHasEnded() throws Exception {
        others.snapshot(Jobs.started(id));
        var answer = send(waiting("/v1/videos/" + id));

        others.snapshot(Jobs.completed(id, 7));

        expect(answer.join(), 200, "completed", WAIT);
    }

    @Test
    void shouldAnswerAPostWhenTheJobHasEnded() throws Exception {
        String prompt = "a ball of " + id;
        var answer = send(post(prompt));
        JobId created = created(prompt, 1).get(0);

        given().post("/v1/videos/" + created + "/cancel").then().statusCode(200);

        expect(answer.join(), 202, "cancelled", WAIT);
        assertThat(answer.join().headers().firstValue("Location").orElseThrow()).endsWith("/v1/videos/" + created);
    }

    @Test
    void shouldAnswerHowTheJobStandsWhenTheTimeIsOver() throws Exception {
        others.snapshot(Jobs.started(id));

        var get = send(request("/v1/videos/" + id).header("Prefer", "wait=1"));
        var post = send(post("a red ball").setHeader("Prefer", "wait=1"));

        expect(get.join(), 200, "in_progress", "wait=1");
        expect(post.join(), 202, "queued", "wait=1");
    }

    @Test
    void shouldNotWaitForAJobThatHasEnded() throws Exception {
        others.snapshot(Jobs.completed(id, 7));

        expect(send(waiting("/v1/videos/" + id)).join(), 200, "completed", WAIT);
    }

    @Test
    void shouldSayThatAJobIsGoneThatIsDeletedMeanwhile() {
        others.snapshot(Jobs.started(id));
        var answer = send(waiting("/v1/videos/" + id));

        others.snapshot(Jobs.completed(id, 7).deleted());

        assertThat(answer.join().statusCode()).isEqualTo(404);
    }

    @Test
    void shouldNotHoldALargeBodyWhileItWaits() throws Exception {
        String image = Images.dataUrl(Images.ofBytes(100_000));
        var answer = send(post("a red ball\",\"input_reference\":\"" + image));

        expect(answer.join(), 202, "queued", null);
    }

    @Test
    void shouldDelayNothingElseWhileThreeHundredClientsWait() throws Exception {
        // Given clients that wait, some for one job and each of the others for one that it asks for
        String prompt = "a ball of " + id;
        others.snapshot(Jobs.started(id));
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < CLIENTS_OF_EACH_KIND; i++) {
            answers.add(send(waiting("/v1/videos/" + id)));
            answers.add(send(post(prompt)));
        }
        List<JobId> created = created(prompt, CLIENTS_OF_EACH_KIND);

        // When others ask for whatever there is
        var accepted = send(request("/v1/videos").POST(json("a red ball"))).join();
        String location = URI.create(accepted.headers().firstValue("Location").orElseThrow())
                .getPath();
        var served = List.of(
                send(request(location)).join(),
                send(request("/v1/videos")).join(),
                send(HttpRequest.newBuilder(URI.create(Management.url("/q/health/ready"))))
                        .join(),
                send(request(location + "/cancel").POST(BodyPublishers.noBody()))
                        .join(),
                send(request(location).DELETE()).join());

        // Then they are served, and the clients still wait
        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(served).extracting(HttpResponse::statusCode).containsOnly(200);
        assertThat(answers).noneMatch(CompletableFuture::isDone);

        // And each is answered when its job has ended
        others.snapshot(Jobs.completed(id, 7));
        created.forEach(job -> others.snapshot(Jobs.completed(job, 7)));
        for (var answer : answers) {
            assertThat(json(answer.join()).path("status").asText()).isEqualTo("completed");
        }
    }

    @Test
    void shouldLetNobodyWaitOnceTheGatewayEnds() throws Exception {
        try (JobView view = JobView.open(kafka, Duration.ofSeconds(60))) {
            var waiters = new EndWaiters(view);
            var before = waiters.await(id, Duration.ofDays(1)).subscribeAsCompletionStage();
            assertThat(before.isDone()).isFalse();

            waiters.releaseAll(new ShutdownDelayInitiatedEvent());

            before.get(HANGS.toSeconds(), TimeUnit.SECONDS);
            waiters.await(id, Duration.ofDays(1)).await().atMost(HANGS);
        }
    }

    private static void expect(HttpResponse<String> answer, int status, String jobStatus, String applied)
            throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).path("status").asText()).isEqualTo(jobStatus);
        assertThat(answer.headers().firstValue("Preference-Applied").orElse(null))
                .isEqualTo(applied);
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }

    /** The jobs with that prompt, once there are so many. */
    private static List<JobId> created(String prompt, int number) {
        return await().atMost(HANGS).until(() -> jobs(prompt), found -> found.size() == number);
    }

    private static List<JobId> jobs(String prompt) {
        List<JobId> found = new ArrayList<>();
        String after = "";
        while (true) {
            var page = given().get("/v1/videos?limit=100" + after).jsonPath();
            List<Map<String, Object>> videos = page.getList("data");
            videos.stream()
                    .filter(video -> prompt.equals(video.get("prompt")))
                    .forEach(video -> found.add(JobId.parse((String) video.get("id"))));
            if (!page.getBoolean("has_more")) {
                return found;
            }
            after = "&after=" + page.getString("last_id");
        }
    }

    private static HttpRequest.Builder waiting(String path) {
        return request(path).header("Prefer", WAIT);
    }

    private static HttpRequest.Builder post(String prompt) {
        return waiting("/v1/videos").POST(json(prompt));
    }

    private static HttpRequest.BodyPublisher json(String prompt) {
        return BodyPublishers.ofString("{\"prompt\":\"%s\"}".formatted(prompt));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .header("Content-Type", "application/json")
                .timeout(HANGS);
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
