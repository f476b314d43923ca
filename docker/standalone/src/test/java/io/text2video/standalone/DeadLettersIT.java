package io.text2video.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.DeadLetter;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.embedded.TopicRecords;
import io.text2video.kafka.TopicInitializer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code text2video dead-letters} as operators meet it. */
class DeadLettersIT {
    @TempDir
    Path data;

    @Test
    void shouldReplayWhatWasParked() throws Exception {
        try (var broker = new EmbeddedKafka(data, 0)) {
            Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
            TopicInitializer.initialize(kafka, 1, Duration.ofSeconds(30));
            JobId id = JobId.next();
            var request = new VideoRequest(VideoRequest.VERSION, id, null, "a ball", null, null, null, null);
            var original = new ConsumerRecord<>(
                    Topic.REQUESTS.topicName(), 0, 7, id.toString().getBytes(UTF_8), JsonCodec.write(request));
            try (var producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.send(DeadLetter.of(original, "given up after 3 attempts", 3))
                        .get();
            }
            var environment = Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());

            try (var list = Launched.start(environment, "dead-letters", "list");
                    var replay = Launched.start(environment, "dead-letters", "replay", "--all")) {
                assertThat(list.exitCode()).as(list.err()).isZero();
                assertThat(list.out()).contains("0@0", id.toString(), "given up after 3 attempts");
                assertThat(replay.exitCode()).as(replay.err()).isZero();
                String newId = replay.out().strip().split(" -> ")[1];
                assertThat(TopicRecords.of(broker.bootstrapServers(), Topic.REQUESTS.topicName(), newId))
                        .hasSize(1);
            }
        }
    }
}
