package io.text2video.gateway.maintenance;

import io.text2video.gateway.jobs.RequestPlace;
import io.text2video.kafka.ConsumerConfigs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;

/** Reads requests back from where they lie. Owns a consumer; for one thread. */
final class SentRequests implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final KafkaConsumer<byte[], byte[]> consumer;

    SentRequests(Map<String, Object> kafka) {
        Map<String, Object> config = ConsumerConfigs.withoutGroup(kafka);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumer = new KafkaConsumer<>(config);
    }

    /**
     * The record at that place; nothing when it is gone.
     *
     * @throws IOException when the broker does not answer
     */
    Optional<ConsumerRecord<byte[], byte[]>> read(RequestPlace place) throws IOException {
        try {
            consumer.assign(List.of(place.topicPartition()));
            consumer.seek(place.topicPartition(), place.offset());
            long limit = System.nanoTime() + TIMEOUT.toNanos();
            while (System.nanoTime() < limit) {
                for (var record : consumer.poll(TIMEOUT)) {
                    return Optional.of(record).filter(found -> found.offset() == place.offset());
                }
            }
            throw new IOException("the broker does not hand out " + place);
        } catch (OffsetOutOfRangeException gone) {
            return Optional.empty();
        } catch (KafkaException e) {
            throw new IOException("the broker does not hand out %s: %s".formatted(place, e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        // It is in no group that would have to know, and a broker that is away would be waited for.
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
