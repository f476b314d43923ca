package io.text2video.gateway.commands;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.opentelemetry.context.Context;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.lifecycle.JobFolders;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import io.text2video.common.topic.Topic;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.fleet.TopicTail;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Other services write to {@code video.control} themselves. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class ControlConsumerTest {
    /** With its key and the batch's own bytes some hundred below a topic's usual limit. */
    private static final int LARGE = 1_048_300;

    @Inject
    OtherPrograms others;

    @Inject
    S3Config s3;

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    @Inject
    Submission submission;

    @Inject
    EndPublisher publisher;

    private final JobId id = JobId.next();

    @Test
    void shouldGoOnWithAnAnswerOnNoThreadOfKafkas() {
        var request = new VideoRequest(VideoRequest.VERSION, id, null, "a red ball", null, null, null, Instant.now());

        assertThat(List.of(
                        submission.submit(request, Topic.REQUESTS.topicName(), Context.root()),
                        publisher.publish(List.of(JobRecords.state(Jobs.started(id))))))
                .extracting(sent -> sent.map(done -> "")
                        .map(done -> Thread.currentThread().getName())
                        .await()
                        .indefinitely())
                .allMatch(thread -> thread.startsWith("executor-thread"));
    }

    @Test
    void shouldCancelTheJobThatAnotherServiceNames() throws Exception {
        // Given a request that a service sent itself
        others.request("{\"id\":\"%s\",\"prompt\":\"from elsewhere\"}".formatted(id), id);

        // When it takes it back, with a field that is not known here
        cancel(id);

        // Then the job ends, for the worker that gets its request too
        awaitCancelled(id);
        try (var store = new ObjectStore(s3)) {
            assertThat(new JobFolders(store).end(id).orElseThrow().status()).isEqualTo(JobStatus.CANCELLED);
        }
    }

    @Test
    void shouldPassOverAJobThatThereIsNotAndOneThatHasEnded() {
        JobId ended = JobId.next();
        others.snapshot(Jobs.completed(ended, 7));
        others.snapshot(Jobs.started(id));

        cancel(JobId.next());
        cancel(ended);
        cancel(id);

        awaitCancelled(id);
        given().get("/v1/videos/" + ended).then().body("status", equalTo("completed"));
    }

    @Test
    void shouldFailAJobOfWhichNothingIsKnownButARefusedRequest() {
        refuse(id);

        await().untilAsserted(() -> given().get("/v1/videos/" + id)
                .then()
                .body("status", equalTo("failed"))
                .body("error.code", equalTo("invalid_parameter"))
                .body("error.message", equalTo("prompt must not be blank")));
    }

    @Test
    void shouldNotFailAJobThatWaitsForItsWorker() {
        // Given a job that no worker has begun
        others.request("{\"id\":\"%s\",\"prompt\":\"from elsewhere\"}".formatted(id), id);

        // When a record with its id was no request, and then the job is taken back
        refuse(id);
        cancel(id);

        // Then that is its end
        awaitCancelled(id);
    }

    private void refuse(JobId job) {
        var record = JobRecords.refused(
                job,
                new JobError(ErrorCode.INVALID_PARAMETER, "prompt must not be blank", "prompt"),
                Instant.parse("2026-01-02T03:04:05Z"));
        others.send(new ProducerRecord<>(record.topic(), job.toString(), record.value()));
    }

    @Test
    void shouldParkWhatItCannotReadAndGoOn() {
        try (var deadLetters = new TopicTail(kafka, Topic.DEAD_LETTERS)) {
            send(id, "{\"id\":\"%s\",\"action\":\"explode\",\"time\":\"2026-01-02T03:04:05Z\"}".formatted(id));

            assertThat(deadLetters.reasonFor(id)).contains("action");
        }
        others.snapshot(Jobs.started(id));
        cancel(id);
        awaitCancelled(id);
    }

    @Test
    void shouldParkARecordAsLargeAsTheTopicTakesAndGoOn() {
        try (var deadLetters = new TopicTail(kafka, Topic.DEAD_LETTERS)) {
            send(id, "x".repeat(LARGE));

            assertThat(deadLetters.reasonFor(id)).contains("JSON");
        }
        others.snapshot(Jobs.started(id));
        cancel(id);
        awaitCancelled(id);
    }

    private void cancel(JobId job) {
        send(
                job,
                "{\"version\":1,\"id\":\"%s\",\"action\":\"cancel\",\"time\":\"2026-01-02T03:04:05Z\",\"mood\":1}"
                        .formatted(job));
    }

    private void send(JobId job, String json) {
        others.send(new ProducerRecord<>(Topic.CONTROL.topicName(), job.toString(), json.getBytes(UTF_8)));
    }

    private static void awaitCancelled(JobId job) {
        await().untilAsserted(() -> given().get("/v1/videos/" + job).then().body("status", equalTo("cancelled")));
    }
}
