package io.text2video.gateway.maintenance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.Claim;
import io.text2video.common.lifecycle.JobFolders;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.embedded.EmbeddedS3;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.ShareGroupMember;
import io.text2video.gateway.jobs.JobView;
import io.text2video.kafka.ReliablePublisher;
import io.text2video.kafka.TopicInitializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Gateways' reapers on a real broker and a real store, with a worker that does what a test says. */
@Tag("slow")
@Tag("waits")
abstract class ReaperFixture {
    static final Duration STALE = Duration.ofSeconds(2);
    private static final Duration SESSION = Duration.ofMillis(1500);
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Map<String, String> QUICK =
            Map.of("group.min.session.timeout.ms", "1000", "group.share.min.record.lock.duration.ms", "1000");

    @TempDir
    static Path data;

    static EmbeddedKafka broker;
    static EmbeddedS3 s3;
    static Map<String, Object> kafka;
    static ObjectStore store;
    static JobFolders folders;

    ReliablePublisher publisher;

    @BeforeAll
    static void start() throws Exception {
        broker = new EmbeddedKafka(data.resolve("kafka"), 0, QUICK);
        s3 = new EmbeddedS3(data.resolve("s3"), 0, "key", "secret-key");
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        TopicInitializer.initialize(kafka, 1, Duration.ofSeconds(30));
        store = new ObjectStore(s3.config());
        store.ensureBucket();
        folders = new JobFolders(store);
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }

    @AfterAll
    static void end() {
        store.close();
        s3.close();
        broker.close();
    }

    @BeforeEach
    void openPublisher() {
        publisher = new ReliablePublisher(kafka);
    }

    @AfterEach
    void closePublisher() {
        publisher.close();
    }

    /** A gateway, as far as the reaper is concerned. */
    static final class Gateway implements AutoCloseable {
        final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        final JobView view = JobView.open(kafka, Duration.ofSeconds(30));
        final Leadership leadership = Leadership.seek(kafka, SESSION);
        final Reaper reaper = reaper(kafka);

        Gateway() {
            this(true);
        }

        Gateway(boolean reaps) {
            if (reaps) {
                reaper.start();
            }
        }

        /** Another, of those clients. */
        Reaper reaper(Map<String, Object> clients) {
            return new Reaper(clients, view, leadership, folders, meters, STALE, INTERVAL);
        }

        double reaped() {
            return meters.find("text2video.jobs.reaped").counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum();
        }

        double reaped(String reason) {
            return meters.counter("text2video.jobs.reaped", "reason", reason).count();
        }

        @Override
        public void close() {
            reaper.close();
            leadership.close();
            view.close();
        }
    }

    void publish(ProducerRecord<byte[], byte[]> record) {
        publisher.publish(record);
    }

    /** Returns when the request is on its topic. */
    JobId request(String prompt) throws Exception {
        JobId id = JobId.next();
        var request =
                new VideoRequest(VideoRequest.VERSION, id, "cogvideox-tiny", prompt, Jobs.PARAMETERS, null, null, null);
        var record = new ProducerRecord<>(
                Topic.REQUESTS.topicName(), id.toString().getBytes(UTF_8), JsonCodec.write(request));
        record.headers().add("traceparent", "00-abc".getBytes(UTF_8));
        publisher.publish(List.of(record));
        return id;
    }

    JobSnapshot state(ShareGroupMember.Taken taken) {
        return JobSnapshot.queued(
                taken.request(), Instant.ofEpochMilli(taken.record().timestamp()), generation(taken.record()));
    }

    /** A worker claims its attempt and says that it has begun. */
    JobSnapshot start(ShareGroupMember.Taken taken) throws Exception {
        JobId id = taken.id();
        AttemptId attempt = folders.look(id).next(generation(taken.record()));
        folders.claim(id, attempt, new Claim(Claim.VERSION, "w", taken.place(), Instant.now()));
        JobSnapshot started =
                state(taken).started(attempt, "w", "cogvideox-tiny", Jobs.PARAMETERS, null, null, Instant.now());
        publisher.publish(List.of(JobRecords.state(started)));
        return started;
    }

    /** A worker does the job. */
    void complete(ShareGroupMember.Taken taken) throws Exception {
        JobSnapshot end = folders.end(Jobs.completed(state(taken), 1));
        publisher.publish(JobRecords.end(end));
        taken.accept();
    }

    /** Another gateway deletes the job. */
    void delete(JobSnapshot end) {
        try {
            folders.delete(end.deleted());
            publish(JobRecords.state(end.deleted()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the topic tells them. */
    static List<JobStatus> states(JobId id) throws Exception {
        List<JobStatus> states = new ArrayList<>();
        for (var record : TopicRecords.of(broker.bootstrapServers(), Topic.JOBS.topicName(), id.toString())) {
            states.add(JsonCodec.read(record.value(), JobSnapshot.class).status());
        }
        return states;
    }

    static int generation(ConsumerRecord<?, ?> record) {
        return Lineage.of(record.headers()).generation();
    }

    static List<ConsumerRecord<String, byte[]>> requests(JobId id) {
        return TopicRecords.of(broker.bootstrapServers(), Topic.REQUESTS.topicName(), id.toString());
    }

    static void awaitStatus(Gateway gateway, JobId id, JobStatus status) {
        await().until(() -> gateway.view
                .find(id)
                .await()
                .indefinitely()
                .filter(job -> job.snapshot().status() == status)
                .isPresent());
    }
}
