package io.text2video.gateway.maintenance;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.job.BatchId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.Tenant;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.JobFolders;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.commands.DeletionWithoutStore;
import io.text2video.gateway.commands.JobDeletion;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.RetentionConfig;
import io.text2video.gateway.storage.Batch;
import io.text2video.gateway.storage.FirstAnswers;
import io.text2video.gateway.storage.StoredBatches;
import io.text2video.gateway.storage.StoredEnds;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class RetentionSweepTest {
    private static final Duration AGE = Duration.ofDays(30);
    private static final Duration TIDY_AFTER = Duration.ofMinutes(10);
    private static final Instant NOW = Jobs.TIME.plus(Duration.ofDays(31));
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    @Inject
    OtherPrograms others;

    @Inject
    JobView view;

    @Inject
    JobDeletion deletion;

    @Inject
    StoredEnds ends;

    @Inject
    FirstAnswers answers;

    @Inject
    StoredBatches batches;

    @Inject
    S3Config s3;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final JobId id = JobId.next();
    private final JobSnapshot old = Jobs.completed(id, 7);
    private ObjectStore objects;
    private Admin admin;

    @BeforeEach
    void open() {
        objects = new ObjectStore(s3);
        admin = Admin.create(kafka);
    }

    @AfterEach
    void close() {
        objects.close();
        admin.close();
    }

    @Test
    void shouldDeleteJobsThatEndedLongAgoWithAllTheirObjects() throws Exception {
        complete(old);
        JobSnapshot recent = Jobs.started(JobId.next()).cancelled(Jobs.TIME.plus(Duration.ofDays(2)));
        others.snapshot(recent);

        sweep(AGE, true);

        given().get("/v1/videos/" + id).then().statusCode(404);
        given().get("/v1/videos/" + recent.id()).then().statusCode(200);
        assertThat(objects.list(ObjectKeys.folder(id))).containsExactly(ObjectKeys.result(id));
        assertThat(objects.list("inputs/" + id)).isEmpty();
        assertThat(new JobFolders(objects).end(id)).contains(old.deleted());
        assertThat(count("text2video.retention.deleted")).isPositive();
    }

    @Test
    void shouldNotShowADeletedJobAgainThoughItsRequestIsStillThere() throws Exception {
        others.request("{\"id\":\"%s\",\"prompt\":\"once more\"}".formatted(id), id);
        complete(old);

        sweep(AGE, true);

        try (JobView restarted = JobView.open(kafka, PATIENCE)) {
            restarted.upToDate().await().indefinitely();
            assertThat(restarted.find(id).await().indefinitely()).isEmpty();
            assertThat(restarted.count(JobStatus.DELETED)).isPositive();
        }
    }

    @Test
    void shouldLeaveItToTheGatewayThatLeads() throws Exception {
        complete(old);

        sweep(AGE, false);

        given().get("/v1/videos/" + id).then().statusCode(200);
    }

    @Test
    void shouldKeepJobsForEverWhenTold() throws Exception {
        complete(old);

        sweep(Duration.ZERO, true);

        given().get("/v1/videos/" + id).then().statusCode(200);
    }

    @Test
    void shouldGoOnWhereASweepHasStopped() throws Exception {
        complete(old);
        new JobFolders(objects).delete(old.deleted());

        sweep(AGE, true);

        given().get("/v1/videos/" + id).then().statusCode(404);
        assertThat(objects.list("inputs/" + id)).isEmpty();
    }

    @Test
    void shouldLeaveToTheNextSweepWhatTheStoreDoesNotAnswerTo() throws Exception {
        complete(old);

        sweep(AGE, true, DeletionWithoutStore.create());
        given().get("/v1/videos/" + id).then().statusCode(200);

        sweep(AGE, true);
        given().get("/v1/videos/" + id).then().statusCode(404);
    }

    @Test
    void shouldForgetADeletedJobThatNoRequestCanBringBack() throws Exception {
        removeRequests();
        complete(old);
        deletion.delete(old).await().indefinitely();

        sweep(AGE, true);

        assertThat(objects.list(ObjectKeys.folder(id))).isEmpty();
        assertThat(states()).last().isNull();
        await().untilAsserted(() -> assertThat(view.deletedBefore(NOW, Integer.MAX_VALUE))
                .noneMatch(job -> job.id().equals(id)));
        assertThat(count("text2video.retention.forgotten")).isPositive();
    }

    @Test
    void shouldRememberADeletedJobForADayAtLeast() throws Exception {
        JobSnapshot yesterday = Jobs.started(id).cancelled(NOW.minus(Duration.ofHours(23)));
        complete(yesterday);
        deletion.delete(yesterday).await().indefinitely();

        sweep(AGE, true);

        assertThat(objects.list(ObjectKeys.folder(id))).containsExactly(ObjectKeys.result(id));
    }

    @Test
    void shouldRemoveWhatAnAttemptLeftThatDidNotKnowOfTheEnd() throws Exception {
        complete(old);
        for (String left : List.of("1-2.attempt", "1-2.png", "0123456789abcdef-00010.safetensors")) {
            objects.put(ObjectKeys.folder(id) + left, new byte[] {1}, "video/mp4");
        }

        sweeper(AGE, () -> true, deletion, old.completedAt().plus(TIDY_AFTER)).sweep();
        assertThat(objects.list(ObjectKeys.folder(id))).hasSize(6);

        sweeper(AGE, () -> true, deletion, old.completedAt().plus(TIDY_AFTER).plusSeconds(1))
                .sweep();
        assertThat(objects.list(ObjectKeys.folder(id)))
                .containsExactlyInAnyOrder(
                        ObjectKeys.result(id), old.video().key(), old.video().posterKey());
        assertThat(count("text2video.retention.tidied")).isPositive();
    }

    @Test
    void shouldRemoveWhatAnAttemptLeftThatDidNotKnowOfTheDeletion() throws Exception {
        // Given a worker that stored something after its job was cancelled and deleted, and died before it looked
        JobSnapshot cancelled = Jobs.started(id).cancelled(Jobs.TIME.plusSeconds(10));
        complete(cancelled);
        deletion.delete(cancelled).await().indefinitely();
        objects.put(ObjectKeys.folder(id) + "0123456789abcdef-00010.safetensors", new byte[] {1}, "video/mp4");

        sweeper(
                        AGE,
                        () -> true,
                        deletion,
                        cancelled.completedAt().plus(TIDY_AFTER).plusSeconds(1))
                .sweep();

        assertThat(objects.list(ObjectKeys.folder(id))).containsExactly(ObjectKeys.result(id));
    }

    @Test
    void shouldKeepTheAnswerOfAKeyForADay() throws Exception {
        String key = UUID.randomUUID().toString();
        String first = submit(key);
        Instant now = Instant.now();

        sweeper(Duration.ZERO, () -> true, deletion, now.plus(Duration.ofHours(23)))
                .sweep();
        assertThat(submit(key)).isEqualTo(first);

        sweeper(Duration.ZERO, () -> true, deletion, now.plus(Duration.ofHours(25)))
                .sweep();
        assertThat(submit(key)).isNotEqualTo(first);
    }

    @Test
    void shouldForgetABatchWhenItsJobsAreOldEnough() {
        Instant now = Instant.now();
        var batch = new Batch(BatchId.next(), Tenant.DEFAULT, 1, "0123", now);
        batches.keep(batch, new byte[] {'\n'}).await().indefinitely();

        sweeper(Duration.ofDays(30), () -> true, deletion, now.plus(Duration.ofDays(29)))
                .sweep();
        assertThat(batches.find(batch.id()).await().indefinitely()).hasValue(batch);

        sweeper(Duration.ofDays(30), () -> true, deletion, now.plus(Duration.ofDays(31)))
                .sweep();
        assertThat(batches.find(batch.id()).await().indefinitely()).isEmpty();
    }

    private static String submit(String key) {
        return given().contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body("{\"prompt\":\"a red ball\"}")
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    /** Those that the tests before have sent to the same broker, some as of the time at which this one's job ended. */
    private void removeRequests() throws Exception {
        List<String> topics = admin.listTopics().names().get().stream()
                .filter(topic -> Pool.ofTopic(topic).isPresent() || topic.equals(Topic.RETRY.topicName()))
                .toList();
        Map<TopicPartition, RecordsToDelete> all = admin.describeTopics(topics).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toMap(partition -> partition, partition -> RecordsToDelete.beforeOffset(-1)));
        admin.deleteRecords(all).all().get();
    }

    private void complete(JobSnapshot end) throws IOException {
        for (String key : List.of(
                ObjectKeys.folder(id) + "1-1.mp4", ObjectKeys.folder(id) + "1-1.png", ObjectKeys.input(id, "png"))) {
            objects.put(key, new byte[] {1}, "video/mp4");
        }
        objects.put(ObjectKeys.result(id), JsonCodec.write(end), "application/json");
        others.snapshot(end);
    }

    private void sweep(Duration age, boolean leads) {
        sweep(age, leads, deletion);
    }

    private void sweep(Duration age, boolean leads, JobDeletion deletion) {
        sweeper(age, () -> leads, deletion, NOW).sweep();
        view.upToDate().await().indefinitely();
    }

    private RetentionSweep sweeper(Duration age, BooleanSupplier leader, JobDeletion deletion, Instant now) {
        return new RetentionSweep(
                view,
                leader,
                deletion,
                ends,
                answers,
                batches,
                new ExpiredRequests(admin),
                new Kept(age),
                Clock.fixed(now, ZoneOffset.UTC),
                meters);
    }

    private record Kept(Duration age) implements RetentionConfig {
        @Override
        public Duration interval() {
            return Duration.ofMinutes(1);
        }

        @Override
        public Duration tidyAfter() {
            return TIDY_AFTER;
        }

        @Override
        public int batch() {
            return 1_000;
        }
    }

    private double count(String counter) {
        return meters.get(counter).counter().count();
    }

    private List<String> states() {
        return TopicRecords.of((String) kafka.get("bootstrap.servers"), Topic.JOBS.topicName(), id.toString()).stream()
                .map(record -> record.value() == null ? null : new String(record.value(), UTF_8))
                .collect(Collectors.toList());
    }
}
