package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.event.EventType;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.VideoParameters;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.Messages;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.embedded.EmbeddedS3;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of a worker in the middle of a job: another completes it, once. */
class KillWorkerIT {
    /** Enough for the job to be in its middle when the first progress is seen. */
    private static final int STEPS = 60;

    @TempDir
    Path data;

    @Test
    void shouldCompleteAKilledWorkersJobOnce() throws Exception {
        try (var kafka = new EmbeddedKafka(data.resolve("kafka"), 0);
                var s3 = new EmbeddedS3(data.resolve("s3"), 0, "key", "secret-key");
                var first = worker("worker-1", kafka, s3)) {
            // Given a job that the first worker is in the middle of
            JobId id = JobId.next();
            awaitTopics(kafka, first);
            submit(kafka, id);
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> types(kafka, id)
                    .contains(EventType.PROGRESS));

            try (var second = worker("worker-2", kafka, s3)) {
                // When it is killed
                first.kill();
                first.exitCode();
                assertThat(types(kafka, id)).doesNotContain(EventType.COMPLETED);

                // Then the second completes it as the second attempt
                Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> types(kafka, id)
                        .contains(EventType.COMPLETED));
                assertThat(second.isAlive()).isTrue();
            }

            // And there is one completion, one final state, one published video
            List<VideoEvent> completions = events(kafka, id).stream()
                    .filter(event -> event.type() == EventType.COMPLETED)
                    .toList();
            assertThat(completions).hasSize(1);
            assertThat(completions.get(0).worker()).isEqualTo("worker-2");
            assertThat(completions.get(0).attempt()).isEqualTo(2);
            assertThat(snapshots(kafka, id))
                    .filteredOn(snapshot -> snapshot.status() == JobStatus.COMPLETED)
                    .hasSize(1);
            assertThat(objects(id))
                    .containsExactlyInAnyOrder(
                            ObjectKeys.video(id, 2), ObjectKeys.poster(id, 2), ObjectKeys.result(id));
        }
    }

    private static Launched worker(String id, EmbeddedKafka kafka, EmbeddedS3 s3) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("S3_ENDPOINT", s3.endpoint());
        environment.put("S3_ACCESS_KEY", "key");
        environment.put("S3_SECRET_KEY", "secret-key");
        environment.put("WORKER_ID", id);
        environment.put("QUARKUS_HTTP_PORT", "0");
        return Launched.start(environment, "worker");
    }

    private static void awaitTopics(EmbeddedKafka kafka, Launched worker) {
        Awaitility.await("the worker's start").atMost(Duration.ofMinutes(1)).until(() -> {
            assertThat(worker.isAlive()).as(worker.out() + worker.err()).isTrue();
            try (var consumer = consumer(kafka)) {
                return consumer.listTopics()
                        .keySet()
                        .containsAll(Arrays.stream(Topic.values())
                                .map(Topic::topicName)
                                .toList());
            }
        });
    }

    private static void submit(EmbeddedKafka kafka, JobId id) throws Exception {
        var parameters = new VideoParameters(null, STEPS, null, null, null, null, null, 1L);
        var request = new VideoRequest(1, id, null, "a red ball", parameters, null, null);
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topic.REQUESTS.topicName(), id.toString(), Messages.write(request)))
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

    private static List<EventType> types(EmbeddedKafka kafka, JobId id) throws Exception {
        return events(kafka, id).stream().map(VideoEvent::type).toList();
    }

    private static List<VideoEvent> events(EmbeddedKafka kafka, JobId id) throws Exception {
        return read(kafka, Topic.EVENTS, id, VideoEvent.class);
    }

    private static List<JobSnapshot> snapshots(EmbeddedKafka kafka, JobId id) throws Exception {
        return read(kafka, Topic.JOBS, id, JobSnapshot.class);
    }

    private static <T> List<T> read(EmbeddedKafka kafka, Topic topic, JobId id, Class<T> type) throws Exception {
        List<T> messages = new ArrayList<>();
        try (var consumer = consumer(kafka)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    if (id.toString().equals(record.key())) {
                        messages.add(Messages.read(record.value(), type));
                    }
                }
            }
        }
        return messages;
    }

    private static KafkaConsumer<String, byte[]> consumer(EmbeddedKafka kafka) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }
}
