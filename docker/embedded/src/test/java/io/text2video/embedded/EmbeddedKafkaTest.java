package io.text2video.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import io.text2video.kafka.TopicInitializer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class EmbeddedKafkaTest {
    @TempDir
    Path data;

    @Test
    void shouldKeepRecordsOverARestartForAShareGroupThatStartsLater() throws Exception {
        // Given a record that was sent before any worker, and a broker that was restarted since
        try (var kafka = new EmbeddedKafka(data.resolve("kafka"), 0)) {
            initialize(kafka);
            initialize(kafka);
            try (var producer = new KafkaProducer<>(config(kafka), new StringSerializer(), new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>(Topic.REQUESTS.topicName(), "a", "early".getBytes(UTF_8)))
                        .get();
            }
        }

        // When the first worker comes
        List<String> received = new ArrayList<>();
        try (var kafka = new EmbeddedKafka(data.resolve("kafka"), 0);
                var consumer = new KafkaShareConsumer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers(), "group.id", Pool.DEFAULT.group()),
                        new StringDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topic.REQUESTS.topicName()));
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> received.add(new String(record.value(), UTF_8)));
                return !received.isEmpty();
            });
        }

        // Then it gets the record
        assertThat(received).containsExactly("early");
    }

    @Test
    void shouldHaveTheShareGroupsStateBeforeAnybodyJoins() throws Exception {
        try (var kafka = new EmbeddedKafka(data.resolve("kafka"), 0);
                Admin admin = Admin.create(config(kafka))) {
            var topic = new ConfigResource(ConfigResource.Type.TOPIC, "__share_group_state");
            // The broker knows of a topic somewhat later than it is made.
            Config settings = Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .until(
                            () -> admin.describeConfigs(List.of(topic))
                                    .all()
                                    .get()
                                    .get(topic),
                            Objects::nonNull);
            assertThat(admin.listTopics(new ListTopicsOptions().listInternal(true))
                            .names()
                            .get())
                    .contains("__share_group_state");

            // As the broker makes it: nothing in it goes by age, the coordinator prunes it
            assertThat(settings.get("cleanup.policy").value()).isEqualTo("delete");
            assertThat(settings.get("retention.ms").value()).isEqualTo("-1");
        }
    }

    private static void initialize(EmbeddedKafka kafka) {
        TopicInitializer.initialize(config(kafka), 2, Duration.ofSeconds(30));
    }

    private static Map<String, Object> config(EmbeddedKafka kafka) {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }
}
