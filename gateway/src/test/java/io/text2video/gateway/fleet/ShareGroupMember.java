package io.text2video.gateway.fleet;

import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Pool;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A member of the default pool's share group, which may be a rogue. Holds one record at a time. */
public final class ShareGroupMember implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final KafkaShareConsumer<byte[], byte[]> consumer;

    public ShareGroupMember(Map<String, Object> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        // It is the broker's to say.
        config.remove("session.timeout.ms");
        config.put("group.id", Pool.DEFAULT.group());
        config.put("share.acknowledgement.mode", "explicit");
        config.put("share.acquire.mode", "record_limit");
        config.put("max.poll.records", 1);
        consumer = new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(Pool.DEFAULT.topic()));
    }

    /** The next record. */
    public Taken take() {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < limit) {
            for (var record : consumer.poll(Duration.ofMillis(200))) {
                return new Taken(record);
            }
        }
        throw new IllegalStateException("no record within " + PATIENCE);
    }

    @Override
    public void close() {
        consumer.close();
    }

    /** A record that it holds. */
    public final class Taken {
        private final ConsumerRecord<byte[], byte[]> record;

        private Taken(ConsumerRecord<byte[], byte[]> record) {
            this.record = record;
        }

        public ConsumerRecord<byte[], byte[]> record() {
            return record;
        }

        public VideoRequest request() {
            try {
                return JsonCodec.read(record.value(), VideoRequest.class);
            } catch (InvalidMessageException e) {
                throw new IllegalStateException(e);
            }
        }

        public JobId id() {
            return request().id();
        }

        public String place() {
            return "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
        }

        public void accept() {
            end(AcknowledgeType.ACCEPT);
        }

        public void release() {
            end(AcknowledgeType.RELEASE);
        }

        public void reject() {
            end(AcknowledgeType.REJECT);
        }

        private void end(AcknowledgeType type) {
            consumer.acknowledge(record, type);
            consumer.commitSync()
                    .values()
                    .forEach(failure -> failure.ifPresent(cause -> {
                        throw cause;
                    }));
        }
    }
}
