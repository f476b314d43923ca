package io.text2video.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.topic.DeadLetter;
import io.text2video.common.topic.Topic;
import io.text2video.kafka.KafkaFutures;
import io.text2video.kafka.PublicationException;
import io.text2video.kafka.ReliablePublisher;
import io.text2video.kafka.TopicScan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code io.text2video.kafka} makes of a real broker's answers. */
@Tag("slow")
class KafkaClientsTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final String SMALL = "small";

    @TempDir
    static Path data;

    private static EmbeddedKafka kafka;
    private static Map<String, Object> config;
    private static Admin admin;

    @BeforeAll
    static void start() throws Exception {
        kafka = new EmbeddedKafka(data, 0);
        config = Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.block.ms", 20_000);
        admin = Admin.create(config);
        var small = Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(128 << 10));
        KafkaFutures.await(
                admin.createTopics(List.of(
                                topic(SMALL),
                                topic(Topic.DEAD_LETTERS.topicName()).configs(small)))
                        .all(),
                TIMEOUT);
    }

    @AfterAll
    static void stop() throws Exception {
        admin.close(Duration.ZERO);
        kafka.close();
    }

    @Test
    void shouldPublishInOrderUpToTheFirstThatIsNotTaken() {
        // Given a record in the middle for a topic that does not exist
        List<ProducerRecord<byte[], byte[]>> records =
                List.of(record(SMALL, "first"), record("no topic", "second"), record(SMALL, "third"));

        // When
        try (var publisher = new ReliablePublisher(config)) {
            assertThatThrownBy(() -> publisher.publish(records))
                    .isInstanceOf(PublicationException.class)
                    .hasMessageContaining("no topic");
        }

        // Then
        assertThat(read(SMALL))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactly("first");
    }

    @Test
    void shouldCutADeadLetterThatItsTopicFindsTooLarge() {
        // Given a topic of dead letters that takes less than the fleet's own
        var original = new ConsumerRecord<>("video.requests", 0, 7, "key".getBytes(UTF_8), new byte[1 << 20]);

        // When
        try (var publisher = new ReliablePublisher(config)) {
            publisher.publish(DeadLetter.of(original, "broken"));
        }

        // Then
        assertThat(read(Topic.DEAD_LETTERS.topicName())).singleElement().satisfies(letter -> {
            assertThat(letter.value()).hasSizeLessThan(128 << 10);
            assertThat(letter.headers().lastHeader(DeadLetter.VALUE_BYTES).value())
                    .asString(UTF_8)
                    .isEqualTo("1048576");
        });
    }

    @Test
    void shouldThrowTheBrokersOwnFailureOfAnAnswer() {
        assertThatThrownBy(() -> KafkaFutures.await(
                        admin.describeTopics(Set.of("absent")).allTopicNames(), TIMEOUT))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void shouldNotWaitForABrokerThatIsAway() {
        Map<String, Object> away = Map.of("bootstrap.servers", "localhost:1");

        assertThatThrownBy(() -> TopicScan.readToEnd(away, SMALL, Duration.ofMillis(500), record -> {}))
                .isInstanceOf(TimeoutException.class);
    }

    private static NewTopic topic(String name) {
        return new NewTopic(name, Optional.of(1), Optional.empty());
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String value) {
        return new ProducerRecord<>(topic, value.getBytes(UTF_8));
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        TopicScan.readToEnd(config, topic, TIMEOUT, records::add);
        return records;
    }
}
