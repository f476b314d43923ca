package io.text2video.worker.app;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.quarkus.test.Mock;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.ModelCard;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import io.text2video.common.topic.Pool;
import io.text2video.worker.jobs.BlobLoader;
import io.text2video.worker.jobs.BlobPipeline;
import io.text2video.worker.shelf.FleetModels;
import io.text2video.worker.shelf.PipelineLoader;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@Tag("slow")
@QuarkusTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@QuarkusTestResource(WorkerFleetResource.class)
class WorkerTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    @Inject
    S3Config s3;

    @Test
    void shouldBecomeReadyAndTakeJobs() throws Exception {
        // Given a worker that has started
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
        given().get("/q/health/live")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'worker' }.data.state", equalTo("READY"));

        // When somebody sends its pool a request
        JobId id = JobId.next();
        send(new VideoRequest(
                VideoRequest.VERSION, id, null, "a ball", VideoParameters.DEFAULTS, null, null, Instant.now()));

        // Then the job is completed and counted
        try (var store = new ObjectStore(s3)) {
            byte[] result = await().atMost(PATIENCE)
                    .until(() -> store.read(ObjectKeys.result(id)), Optional::isPresent)
                    .orElseThrow();
            JobSnapshot job = JsonCodec.read(result, JobSnapshot.class);
            assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(job.worker()).isEqualTo("w1");
            assertThat(job.model()).isEqualTo("first");
        }
        await().atMost(PATIENCE).untilAsserted(() -> given().get("/q/metrics")
                .then()
                .body(containsString("text2video_worker_jobs_total{outcome=\"completed\"} 1.0"))
                .body(containsString("text2video_worker_busy 0.0"))
                .body(containsString("text2video_worker_ready 1.0"))
                .body(matchesPattern("(?s).*text2video_worker_disk_free_bytes [1-9].*"))
                .body(containsString("text2video_store_failures_total 0.0")));
    }

    @Test
    void shouldAnnounceItsModels() throws Exception {
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));

        Map<String, ModelCard> cards = new FleetModels(kafka).read();

        assertThat(cards).containsOnlyKeys("first", "second");
        ModelCard second = cards.get("second");
        assertThat(second.topic()).isEqualTo("video.requests.large");
        assertThat(second.preferred()).isFalse();
        assertThat(second.pipeline()).isEqualTo("CogVideoXPipeline");
        assertThat(second.defaults()).isEqualTo(BlobPipeline.FROM_PROMPT.defaults());
        assertThat(second.limits())
                .usingRecursiveComparison()
                .ignoringFields("maxJobSeconds")
                .isEqualTo(BlobPipeline.FROM_PROMPT.limits());
        assertThat(second.limits().maxJobSeconds()).as("WORKER_MAX_JOB_TIME").isEqualTo(7200);
        assertThat(second.loras()).containsExactly("ink");
        assertThat(second.announcedAt()).isBefore(Instant.now());
        assertThat(cards.get("first").preferred()).isTrue();
        assertThat(cards.get("first").loras()).isEmpty();
    }

    @Test
    @Order(Integer.MAX_VALUE) // it is of no use after that
    void shouldShowThatItHearsOfNoCancelsAnyMore() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));

        // When the thread that reads them ends
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("job-control"))
                .forEach(Thread::interrupt);

        // Then whoever supervises the worker sees it
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/q/health/live").then().statusCode(503));
        given().get("/q/health/ready").then().statusCode(503);
    }

    private void send(VideoRequest request) throws Exception {
        try (var producer = new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            new Pool("large").topic(), request.id().toString(), JsonCodec.write(request)))
                    .get();
        }
    }

    /** The small fake in place of a model. */
    static class Parts {
        @Produces
        @Mock
        PipelineLoader pipelineLoader() {
            return new BlobLoader();
        }
    }
}
