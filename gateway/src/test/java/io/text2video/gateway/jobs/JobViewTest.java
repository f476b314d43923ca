package io.text2video.gateway.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedServices;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.size.TypicalJobs;
import io.text2video.kafka.TopicInitializer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a gateway knows that starts on a broker with records of all kinds. */
@Tag("slow")
@Tag("waits")
class JobViewTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static EmbeddedServices services;
    private static Map<String, Object> kafka;
    private static KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void start() {
        services = EmbeddedServices.temporary();
        kafka = Map.of("bootstrap.servers", services.bootstrapServers());
        TopicInitializer.initialize(kafka, 2, Duration.ofSeconds(30));
        producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterAll
    static void stop() {
        producer.close();
        services.close();
    }

    @Test
    void shouldKnowRequestsThatNobodyHasTaken() {
        request(TypicalJobs.MEASURED.id(1), JsonCodec.write(TypicalJobs.MEASURED.request(1)), Lineage.FIRST);

        assertThat(found(TypicalJobs.MEASURED.id(1)))
                .contains(JobSnapshot.queued(TypicalJobs.MEASURED.request(1), Jobs.TIME));
    }

    @Test
    void shouldAnswerOnNoThreadOfKafkas() {
        // Given
        JobId id = TypicalJobs.MEASURED.id(20);
        send(JobRecords.state(TypicalJobs.MEASURED.completed(20)));
        try (var view = JobView.open(kafka, PATIENCE)) {
            view.upToDate().await().indefinitely();

            // When it is asked for what takes a read barrier
            List<Uni<?>> questions = List.of(
                    view.upToDate(),
                    view.find(TypicalJobs.MEASURED.id(21)),
                    view.findCurrent(id),
                    view.list(null, 1, Order.NEWEST_FIRST, JobFilter.NONE));

            // Then neither the admin client's thread nor the reader's goes on with the answers
            assertThat(questions)
                    .extracting(question -> question.map(answer -> "")
                            .onItem()
                            .transform(answer -> Thread.currentThread().getName())
                            .await()
                            .indefinitely())
                    .noneMatch(thread -> thread.contains("kafka") || thread.contains("job-view"));
        }
    }

    @Test
    void shouldPreferAJobsStateToItsRequest() {
        JobId id = TypicalJobs.MEASURED.id(2);
        request(id, JsonCodec.write(TypicalJobs.MEASURED.request(2)), Lineage.FIRST);
        send(JobRecords.state(TypicalJobs.MEASURED.completed(2)));

        assertThat(found(id)).contains(TypicalJobs.MEASURED.completed(2));
    }

    @Test
    void shouldShowAJobQueuedWhenItsRequestWasPublishedAgain() {
        JobId id = TypicalJobs.MEASURED.id(3);
        send(JobRecords.state(TypicalJobs.MEASURED.started(3)));
        request(id, JsonCodec.write(TypicalJobs.MEASURED.request(3)), Lineage.FIRST.next(1, 0));

        JobSnapshot job = found(id).orElseThrow();

        assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(job.generation()).isEqualTo(2);
    }

    @Test
    void shouldNotShowADeletedJobAgainWhileItsRequestIsStillThere() {
        JobId id = TypicalJobs.MEASURED.id(4);
        request(id, JsonCodec.write(TypicalJobs.MEASURED.request(4)), Lineage.FIRST);
        send(JobRecords.state(TypicalJobs.MEASURED.completed(4)));
        send(JobRecords.state(TypicalJobs.MEASURED.completed(4).deleted()));

        assertThat(found(id)).isEmpty();
        assertThat(listed()).doesNotContain(id);
    }

    @Test
    void shouldPassOverStatesAndRequestsThatCannotBeRead() {
        JobId id = TypicalJobs.MEASURED.id(5);
        send(new ProducerRecord<>(Topic.JOBS.topicName(), null, "{\"id\":7}".getBytes(UTF_8)));
        request(id, "{\"id\":\"%s\",\"prompt\":\"\"}".formatted(id).getBytes(UTF_8), Lineage.FIRST);

        assertThat(found(id)).isEmpty();
        assertThat(listed()).doesNotContain(id);
    }

    @Test
    void shouldNotTakeAMalformedRecordForAJobsNewestRequest() {
        // Given a job that runs
        JobId id = TypicalJobs.MEASURED.id(22);
        request(id, JsonCodec.write(TypicalJobs.MEASURED.request(22)), Lineage.FIRST);
        send(JobRecords.state(TypicalJobs.MEASURED.started(22)));
        try (var view = JobView.open(kafka, PATIENCE)) {
            RequestPlace place = requestPlace(view, id);

            // When a record comes that has its id, and says that it was forwarded, but is no request
            var malformed = new ProducerRecord<>(
                    Topic.REQUESTS.topicName(),
                    id.toString().getBytes(UTF_8),
                    "{\"id\":\"%s\",\"prompt\":\"\"}".formatted(id).getBytes(UTF_8));
            malformed.headers().add(Lineage.FORWARDED_FROM, "video.requests.other".getBytes(UTF_8));
            send(malformed);

            // Then the job's request still lies where it lay
            assertThat(requestPlace(view, id)).isEqualTo(place);
        }
    }

    private static RequestPlace requestPlace(JobView view, JobId id) {
        view.upToDate().await().indefinitely();
        return view.openJobs().silentFor(Duration.ZERO).stream()
                .filter(job -> job.id().equals(id))
                .map(OpenJob::request)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldReadOnBehindARetryThatIsDueInThousandsOfYears() {
        // Given an open job, and a record that says when it is to be tried again
        JobId id = TypicalJobs.MEASURED.id(7);
        request(id, JsonCodec.write(TypicalJobs.MEASURED.request(7)), Lineage.FIRST);
        try (var view = JobView.open(kafka, PATIENCE)) {
            assertThat(view.find(id).await().indefinitely()).isPresent();
            var retry = new ProducerRecord<byte[], byte[]>(
                    Topic.RETRY.topicName(), id.toString().getBytes(UTF_8), new byte[0]);
            retry.headers()
                    .add("retry-topic", Topic.REQUESTS.topicName().getBytes(UTF_8))
                    .add("retry-timestamp", "0".getBytes(UTF_8))
                    .add("retry-due", "999999999999999".getBytes(UTF_8));

            // When it is read
            send(retry);
            view.upToDate().await().indefinitely();

            // Then what comes after it is read too
            JobId next = TypicalJobs.MEASURED.id(8);
            request(next, JsonCodec.write(TypicalJobs.MEASURED.request(8)), Lineage.FIRST);
            assertThat(view.find(next).await().indefinitely()).isPresent();
            assertThat(view.isAlive()).isTrue();
        }
    }

    @Test
    void shouldKnowFromItsStartWhatWaitsForItsRetry() {
        JobId id = TypicalJobs.MEASURED.id(10);
        request(id, JsonCodec.write(TypicalJobs.MEASURED.request(10)), Lineage.FIRST);
        var retry = new ProducerRecord<byte[], byte[]>(
                Topic.RETRY.topicName(), id.toString().getBytes(UTF_8), new byte[0]);
        String due = Long.toString(Instant.now().plus(Duration.ofHours(1)).toEpochMilli());
        retry.headers()
                .add("retry-topic", Topic.REQUESTS.topicName().getBytes(UTF_8))
                .add("retry-timestamp", "0".getBytes(UTF_8))
                .add("retry-due", due.getBytes(UTF_8));
        new Lineage(2, 0, 1).writeTo(retry.headers());
        send(retry);

        try (var view = JobView.open(kafka, PATIENCE)) {
            view.upToDate().await().indefinitely();

            assertThat(view.openJobs().silentFor(Duration.ZERO))
                    .extracting(OpenJob::id)
                    .doesNotContain(id);
        }
    }

    @Test
    void shouldNotShowAnOldStateWhileTheBrokerAnswersAndTheViewIsBehind() {
        // Given a view that knows a job and reads no further
        JobId id = TypicalJobs.MEASURED.id(9);
        send(JobRecords.state(TypicalJobs.MEASURED.completed(9)));
        Map<String, Object> held = new HashMap<>(kafka);
        held.put("interceptor.classes", HeldReading.class.getName());
        try (var view = JobView.open(held, Duration.ofSeconds(10))) {
            view.upToDate().await().indefinitely();
            assertThat(view.findCurrent(id).await().indefinitely()).isPresent();
            HeldReading.hold();
            send(JobRecords.state(TypicalJobs.MEASURED.completed(9).deleted()));

            // When the job is asked for, then nothing old is told
            assertThatThrownBy(() -> view.findCurrent(id).await().indefinitely())
                    .isInstanceOf(ViewUnavailableException.class);

            // And when the view reads again, the job is gone
            HeldReading.release();
            assertThat(view.findCurrent(id).await().indefinitely().map(job -> job.snapshot()
                            .status()))
                    .matches(status -> status.isEmpty() || status.get() == JobStatus.DELETED);
        } finally {
            HeldReading.release();
        }
    }

    @Test
    void shouldSkipAJobWhoseStateTurnsOutToBeNone() {
        JobId id = TypicalJobs.MEASURED.id(6);
        String state = new String(JsonCodec.write(TypicalJobs.MEASURED.completed(6)), UTF_8);
        send(new ProducerRecord<>(
                Topic.JOBS.topicName(),
                id.toString().getBytes(UTF_8),
                state.replace("\"fps\":8", "\"fps\":-8").getBytes(UTF_8)));

        assertThat(found(id)).isEmpty();
        assertThat(listed()).doesNotContain(id);
    }

    private static Optional<JobSnapshot> found(JobId id) {
        try (var view = JobView.open(kafka, PATIENCE)) {
            return view.find(id).await().indefinitely().map(Job::snapshot);
        }
    }

    private static List<JobId> listed() {
        try (var view = JobView.open(kafka, PATIENCE)) {
            return view.list(null, 100, Order.OLDEST_FIRST, JobFilter.NONE).await().indefinitely().jobs().stream()
                    .map(Job::id)
                    .toList();
        }
    }

    private static void request(JobId id, byte[] json, Lineage lineage) {
        var record =
                new ProducerRecord<>(Topic.REQUESTS.topicName(), id.toString().getBytes(UTF_8), json);
        lineage.writeTo(record.headers());
        send(record);
    }

    private static void send(ProducerRecord<byte[], byte[]> record) {
        producer.send(record);
        producer.flush();
    }
}
