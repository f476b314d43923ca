package io.text2video.gateway.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.topic.Pool;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.kafka.ReliablePublisher;
import io.text2video.kafka.TopicInitializer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class QueueStatesTest {
    private static final TopicPartition PARTITION = new TopicPartition(Pool.DEFAULT.topic(), 0);

    @TempDir
    Path data;

    @Test
    void shouldTellHowFarAConsumerGroupHasCome() throws Exception {
        try (var broker = new EmbeddedKafka(data, 0)) {
            Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
            TopicInitializer.initialize(kafka, 1, Duration.ofSeconds(30));
            try (Admin admin = Admin.create(kafka);
                    var publisher = new ReliablePublisher(kafka)) {
                for (int record = 0; record < 5; record++) {
                    publisher.publish(new ProducerRecord<>(PARTITION.topic(), new byte[1]));
                }
                var states = new QueueStates(admin);

                // When no group has come yet, nothing is done
                assertThat(states.ask(Set.of(PARTITION.topic())).partitions().get(PARTITION))
                        .isEqualTo(new QueueState.Partition(0, 5, 0, OptionalLong.empty()));

                // When the group of workers that take whole partitions has done three
                admin.alterConsumerGroupOffsets(
                                Pool.DEFAULT.consumerGroup(), Map.of(PARTITION, new OffsetAndMetadata(3)))
                        .all()
                        .get();

                assertThat(states.ask(Set.of(PARTITION.topic())).partitions().get(PARTITION))
                        .isEqualTo(new QueueState.Partition(0, 5, 3, OptionalLong.empty()));

                // And of a topic that is gone there is nothing
                QueueState gone = states.ask(Set.of(new Pool("gone").topic()));
                assertThat(gone.partitions()).isEmpty();
                assertThat(gone.topics()).containsExactly(new Pool("gone").topic());
            }
        }
    }
}
