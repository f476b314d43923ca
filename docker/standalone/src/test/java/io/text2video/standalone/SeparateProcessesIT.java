package io.text2video.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.common.event.EventType;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedServices;
import io.text2video.embedded.TopicRecords;
import io.text2video.standalone.client.GatewayClient;
import io.text2video.worker.files.FileTree;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateways and workers as processes of their own, around one broker and one store. */
class SeparateProcessesIT {
    /** Enough for the job to be in its middle when the first progress is seen. */
    private static final int STEPS = 300;

    /** Of who sends the requests. */
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private static final String SENDER = "b7ad6b7169203331";

    /** A log of JSON, and previews in the events. */
    private static final Map<String, String> LOGGED_AND_SEEN =
            Map.of("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true", "WORKER_PREVIEW_EVENTS", "true");

    @TempDir
    Path data;

    @Test
    void shouldCompleteAKilledWorkersJobOnce() throws Exception {
        try (var fleet = new EmbeddedServices(data);
                var spans = new SpanReceiver();
                var first = worker("worker-1", fleet, traced(spans))) {
            // Given a job that the first worker is in the middle of
            JobId id = JobId.next();
            awaitTopics(fleet, first);
            submit(fleet, id);
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> types(fleet, id)
                    .contains(EventType.PROGRESS));

            try (var second = worker("worker-2", fleet, and(traced(spans), LOGGED_AND_SEEN))) {
                // When it is killed
                first.kill();
                first.exitCode();
                assertThat(types(fleet, id)).doesNotContain(EventType.COMPLETED);

                // Then the second completes it as the second attempt
                Awaitility.await().atMost(Duration.ofMinutes(4)).until(() -> types(fleet, id)
                        .contains(EventType.COMPLETED));
                assertThat(second.isAlive()).isTrue();
                assertTakenUp(spans, id);
                assertLogged(second.out(), id);
            }

            // And its events carry what the video looked like meanwhile
            assertThat(events(fleet, id))
                    .filteredOn(event -> event.preview() != null)
                    .isNotEmpty()
                    .allSatisfy(event -> {
                        byte[] jpeg = Base64.getDecoder().decode(event.preview());
                        assertThat(ImageIO.read(new ByteArrayInputStream(jpeg)).getWidth())
                                .isEqualTo(64 / 8);
                    });

            // And there is one completion, one final state, one published video
            List<VideoEvent> completions = events(fleet, id).stream()
                    .filter(event -> event.type() == EventType.COMPLETED)
                    .toList();
            assertThat(completions).hasSize(1);
            assertThat(completions.get(0).worker()).isEqualTo("worker-2");
            assertThat(completions.get(0).attempt()).isEqualTo(2);
            assertThat(snapshots(fleet, id))
                    .filteredOn(snapshot -> snapshot.status() == JobStatus.COMPLETED)
                    .hasSize(1);
            assertThat(objects(id))
                    .containsExactlyInAnyOrder(
                            ObjectKeys.video(id, new AttemptId(1, 2)),
                            ObjectKeys.poster(id, new AttemptId(1, 2)),
                            ObjectKeys.result(id));
        }
    }

    @Test
    void shouldCompleteEveryJobThatAKilledWorkerHeldOnce() throws Exception {
        List<JobId> jobs = List.of(JobId.next(), JobId.next(), JobId.next());
        try (var fleet = new EmbeddedServices(data);
                var first = worker("worker-1", fleet)) {
            // Given a worker near the end of its second job, where it takes the third
            awaitTopics(fleet, first);
            for (JobId job : jobs) {
                submit(fleet, job);
            }
            Awaitility.await().atMost(Duration.ofMinutes(4)).until(() -> events(fleet, jobs.get(1)).stream()
                    .anyMatch(event -> event.type() == EventType.PROGRESS && event.step() > STEPS * 3 / 4));

            try (var second = worker("worker-2", fleet)) {
                // When it is killed
                first.kill();
                first.exitCode();

                // Then the second completes what was left
                for (JobId job : jobs) {
                    Awaitility.await().atMost(Duration.ofMinutes(4)).until(() -> types(fleet, job)
                            .contains(EventType.COMPLETED));
                }
                assertThat(second.isAlive()).isTrue();
            }

            // And whoever tells of a job's end tells of the same one
            for (JobId job : jobs) {
                List<JobSnapshot> ends = snapshots(fleet, job).stream()
                        .filter(snapshot -> snapshot.status().isTerminal())
                        .toList();
                assertThat(ends).extracting(JobSnapshot::status).containsOnly(JobStatus.COMPLETED);
                assertThat(ends).containsOnly(ends.get(0));
            }
        }
    }

    @Test
    void shouldServeAJobThroughAnyGateway() throws Exception {
        try (var fleet = new EmbeddedServices(data);
                var first = LaunchedGateway.start(fleet.environment());
                var second = LaunchedGateway.start(fleet.environment());
                var worker = worker("worker-1", fleet)) {
            // Given two gateways and a worker
            var submitting = new GatewayClient(first.uri());
            var asking = new GatewayClient(second.uri());
            first.awaitReady();
            second.awaitReady();

            // When a job is submitted to one
            String id = submitting
                    .create(Map.of("prompt", "a blue ball", "num_inference_steps", 2))
                    .path("id")
                    .asText();

            // Then the other knows it at once, and has its video in the end
            assertThat(asking.get(id).path("id").asText()).isEqualTo(id);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> asking.get(id).path("status").asText().equals("completed"));
            Path file = data.resolve("video.mp4");
            asking.download(id, file);
            assertThat(DecodedVideo.read(file).frames()).hasSize(17);
            assertThat(List.of(first.process().isAlive(), second.process().isAlive(), worker.isAlive()))
                    .containsOnly(true);
        }
    }

    @Test
    void shouldLogForeignValuesInOneLine() throws Exception {
        try (var fleet = new EmbeddedServices(data);
                var gateway = LaunchedGateway.start(fleet.environment());
                var worker = worker("worker-1", fleet)) {
            // Given a gateway and a worker that read what other programs write
            awaitTopics(fleet, worker);
            gateway.awaitReady();

            // When values look like further lines of the log
            String forged = "2026-01-01T00:00:00.000Z ERROR [Forged] gone";
            byte[] control = "{\"version\":1,\"id\":\"%s\",\"action\":\"x\\n%s\"}"
                    .formatted(JobId.next(), forged)
                    .getBytes(UTF_8);
            try (var producer = new KafkaProducer<>(
                    Map.<String, Object>of("bootstrap.servers", fleet.bootstrapServers()),
                    new StringSerializer(),
                    new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>(Topic.MODELS.topicName(), "x\n" + forged, null))
                        .get();
                Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> {
                    producer.send(new ProducerRecord<>(Topic.CONTROL.topicName(), null, control))
                            .get();
                    String said = gateway.process().out();
                    return said.contains("model forgotten")
                            && said.contains("record=video.control")
                            && worker.out().contains("[Forged]");
                });
            }

            // Then both tell of them, and no line begins so
            assertThat(gateway.process().out()).contains("model forgotten model=x\\n" + forged, "\"x\\n" + forged);
            assertThat(worker.out()).contains("\\n" + forged);
            assertThat(Stream.of(gateway.process().out(), worker.out()).flatMap(String::lines))
                    .noneMatch(line -> line.startsWith(forged));
        }
    }

    /** Its attempt is a part of what the request's sender said, as that of the killed one was, which has sent nothing. */
    private static void assertTakenUp(SpanReceiver spans, JobId id) {
        Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(spans.ofJob(id.toString()))
                .singleElement()
                .satisfies(attempt -> {
                    assertThat(attempt.name()).isEqualTo("process video.requests");
                    assertThat(attempt.trace()).isEqualTo(TRACE);
                    assertThat(attempt.parent()).isEqualTo(SENDER);
                    assertThat(attempt.service()).isEqualTo("text2video-worker");
                    assertThat(attempt.attributes())
                            .containsEntry("text2video.worker.id", "worker-2")
                            .containsEntry("text2video.job.attempt", "1-2");
                }));
    }

    /** A log of objects, which say what they are about. */
    private static void assertLogged(String log, JobId id) throws Exception {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : log.lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines)
                .filteredOn(line -> line.path("message").asText().startsWith("job completed job=" + id))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.path("mdc").path("jobId").asText()).isEqualTo(id.toString());
                    assertThat(line.path("mdc").path("traceId").asText()).isEqualTo(TRACE);
                    assertThat(line.path("mdc").path("spanId").asText()).hasSize(16);
                });
    }

    private static Map<String, String> and(Map<String, String> environment, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return all;
    }

    private static Map<String, String> traced(SpanReceiver spans) {
        return Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", spans.endpoint(), "OTEL_BSP_SCHEDULE_DELAY", "100");
    }

    private static Launched worker(String id, EmbeddedServices fleet) throws Exception {
        return worker(id, fleet, Map.of());
    }

    private static Launched worker(String id, EmbeddedServices fleet, Map<String, String> more) throws Exception {
        Map<String, String> environment = and(fleet.environment(), more);
        environment.put("WORKER_ID", id);
        environment.put("QUARKUS_HTTP_PORT", "0");
        return Launched.start(environment, "worker");
    }

    private static void awaitTopics(EmbeddedServices fleet, Launched worker) {
        Awaitility.await("the worker's start").atMost(Duration.ofMinutes(3)).until(() -> {
            assertThat(worker.isAlive()).as(worker.out() + worker.err()).isTrue();
            try (var admin = Admin.create(Map.of("bootstrap.servers", fleet.bootstrapServers()))) {
                return admin.listTopics()
                        .names()
                        .get()
                        .containsAll(Arrays.stream(Topic.values())
                                .map(Topic::topicName)
                                .toList());
            }
        });
    }

    private static void submit(EmbeddedServices fleet, JobId id) throws Exception {
        var parameters =
                new VideoParameters(null, STEPS, null, null, null, null, null, null, null, null, 1L, null, null);
        var request = new VideoRequest(1, id, null, "a red ball", parameters, null, null, null);
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", fleet.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            var record = new ProducerRecord<>(Topic.REQUESTS.topicName(), id.toString(), JsonCodec.write(request));
            record.headers()
                    .add("traceparent", "00-%s-%s-01".formatted(TRACE, SENDER).getBytes(UTF_8));
            producer.send(record).get();
        }
    }

    private List<String> objects(JobId id) throws Exception {
        Path bucket = data.resolve("s3").resolve("text2video");
        return FileTree.files(bucket.resolve("videos").resolve(id.toString())).stream()
                .map(file -> bucket.relativize(file).toString())
                .toList();
    }

    private static List<EventType> types(EmbeddedServices fleet, JobId id) throws Exception {
        return events(fleet, id).stream().map(VideoEvent::type).toList();
    }

    private static List<VideoEvent> events(EmbeddedServices fleet, JobId id) throws Exception {
        return read(fleet, Topic.EVENTS, id, VideoEvent.class);
    }

    private static List<JobSnapshot> snapshots(EmbeddedServices fleet, JobId id) throws Exception {
        return read(fleet, Topic.JOBS, id, JobSnapshot.class);
    }

    private static <T> List<T> read(EmbeddedServices fleet, Topic topic, JobId id, Class<T> type) throws Exception {
        List<T> messages = new ArrayList<>();
        for (var record : TopicRecords.of(fleet.bootstrapServers(), topic.topicName(), id.toString())) {
            messages.add(JsonCodec.read(record.value(), type));
        }
        return messages;
    }
}
