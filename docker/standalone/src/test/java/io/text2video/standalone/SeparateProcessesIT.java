package io.text2video.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.event.EventType;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.VideoParameters;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedServices;
import io.text2video.embedded.FreePort;
import io.text2video.embedded.TopicRecords;
import io.text2video.standalone.client.GatewayClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
    private static final int STEPS = 60;

    @TempDir
    Path data;

    @Test
    void shouldCompleteAKilledWorkersJobOnce() throws Exception {
        try (var fleet = new EmbeddedServices(data);
                var first = worker("worker-1", fleet)) {
            // Given a job that the first worker is in the middle of
            JobId id = JobId.next();
            awaitTopics(fleet, first);
            submit(fleet, id);
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> types(fleet, id)
                    .contains(EventType.PROGRESS));

            try (var second = worker("worker-2", fleet)) {
                // When it is killed
                first.kill();
                first.exitCode();
                assertThat(types(fleet, id)).doesNotContain(EventType.COMPLETED);

                // Then the second completes it as the second attempt
                Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> types(fleet, id)
                        .contains(EventType.COMPLETED));
                assertThat(second.isAlive()).isTrue();
            }

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
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> events(fleet, jobs.get(1)).stream()
                    .anyMatch(event -> event.type() == EventType.PROGRESS && event.step() > STEPS * 3 / 4));

            try (var second = worker("worker-2", fleet)) {
                // When it is killed
                first.kill();
                first.exitCode();

                // Then the second completes what was left
                for (JobId job : jobs) {
                    Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> types(fleet, job)
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
        int firstPort = FreePort.find();
        int secondPort = FreePort.find();
        try (var fleet = new EmbeddedServices(data);
                var first = gateway(firstPort, fleet);
                var second = gateway(secondPort, fleet);
                var worker = worker("worker-1", fleet)) {
            // Given two gateways and a worker
            var submitting = new GatewayClient(URI.create("http://127.0.0.1:" + firstPort));
            var asking = new GatewayClient(URI.create("http://127.0.0.1:" + secondPort));
            for (int port : List.of(firstPort, secondPort)) {
                Awaitility.await("gateway at " + port)
                        .atMost(Duration.ofMinutes(1))
                        .ignoreExceptions()
                        .until(() -> isReady(port));
            }

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
            assertThat(List.of(first.isAlive(), second.isAlive(), worker.isAlive()))
                    .containsOnly(true);
        }
    }

    @Test
    void shouldLogForeignValuesInOneLine() throws Exception {
        int port = FreePort.find();
        try (var fleet = new EmbeddedServices(data);
                var gateway = gateway(port, fleet);
                var worker = worker("worker-1", fleet)) {
            // Given a gateway and a worker that read what other programs write
            awaitTopics(fleet, worker);
            Awaitility.await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> isReady(port));

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
                Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
                    producer.send(new ProducerRecord<>(Topic.CONTROL.topicName(), null, control))
                            .get();
                    return gateway.out().contains("[Forged]") && worker.out().contains("[Forged]");
                });
            }

            // Then both tell of them, and no line begins so
            assertThat(gateway.out()).contains("model forgotten model=x\\n" + forged);
            assertThat(worker.out()).contains("\\n" + forged);
            assertThat(Stream.of(gateway.out(), worker.out()).flatMap(String::lines))
                    .noneMatch(line -> line.startsWith(forged));
        }
    }

    private static boolean isReady(int port) throws IOException, InterruptedException {
        var ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                .build();
        return HttpClient.newHttpClient()
                        .send(ready, HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                == 200;
    }

    private static Launched worker(String id, EmbeddedServices fleet) throws Exception {
        Map<String, String> environment = new HashMap<>(fleet.environment());
        environment.put("WORKER_ID", id);
        environment.put("QUARKUS_HTTP_PORT", "0");
        return Launched.start(environment, "worker");
    }

    private static Launched gateway(int port, EmbeddedServices fleet) throws Exception {
        return Launched.start(fleet.environment(), "gateway", "--port", Integer.toString(port));
    }

    private static void awaitTopics(EmbeddedServices fleet, Launched worker) {
        Awaitility.await("the worker's start").atMost(Duration.ofMinutes(1)).until(() -> {
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
        var parameters = new VideoParameters(null, STEPS, null, null, null, null, null, null, null, null, 1L, null);
        var request = new VideoRequest(1, id, null, "a red ball", parameters, null, null, null);
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", fleet.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topic.REQUESTS.topicName(), id.toString(), JsonCodec.write(request)))
                    .get();
        }
    }

    private List<String> objects(JobId id) throws Exception {
        Path bucket = data.resolve("s3").resolve("text2video");
        try (Stream<Path> files = Files.walk(bucket.resolve("videos").resolve(id.toString()))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> bucket.relativize(file).toString())
                    .toList();
        }
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
