package io.text2video.kafka;

import io.text2video.common.topic.DeadLetter;
import io.text2video.common.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;

/**
 * Publishes what every in-sync replica must have before anything follows from it: an idempotent producer with {@code
 * acks=all}. A record for {@code video.dead-letters} that the topic finds too large is cut and sent again. Owns the
 * producer. Thread-safe.
 */
public final class ReliablePublisher implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ReliablePublisher.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final KafkaProducer<byte[], byte[]> producer;

    /**
     * @param kafka client configuration, {@code bootstrap.servers} at least; {@code delivery.timeout.ms} and {@code
     *     max.block.ms} bound how long a publication waits
     */
    public ReliablePublisher(Map<String, Object> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DeadLetter.MAX_BATCH_BYTES);
        producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Publishes them in their order, each when the one before is acknowledged.
     *
     * @throws PublicationException when one is not; those after it are not sent
     */
    public void publish(List<ProducerRecord<byte[], byte[]>> records) {
        records.forEach(this::publish);
    }

    /**
     * Returns when the record is acknowledged.
     *
     * @throws PublicationException when it is not, or the thread is interrupted meanwhile, which it then still is
     */
    public void publish(ProducerRecord<byte[], byte[]> record) {
        try {
            await(record);
        } catch (PublicationException e) {
            if (!isDeadLetter(record) || !PublicationException.isTooLarge(e)) {
                throw e;
            }
            // The topic is older than this version, or somebody else's.
            await(DeadLetter.cut(record));
        }
    }

    /** Sends what may be lost, and waits for nothing but room in the producer's buffer. A failure is logged. */
    @SuppressWarnings("FutureReturnValueIgnored")
    public void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record, (metadata, failure) -> {
                if (failure != null) {
                    logLost(record, failure);
                }
            });
        } catch (KafkaException e) {
            logLost(record, e);
        }
    }

    /** Waits some seconds for what was sent. */
    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }

    private void await(ProducerRecord<byte[], byte[]> record) {
        try {
            Future<RecordMetadata> sent = producer.send(record);
            sent.get();
        } catch (ExecutionException e) {
            throw new PublicationException(record.topic(), e.getCause());
        } catch (KafkaException e) {
            throw new PublicationException(record.topic(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublicationException(record.topic(), e);
        }
    }

    private static boolean isDeadLetter(ProducerRecord<byte[], byte[]> record) {
        return record.topic().equals(Topic.DEAD_LETTERS.topicName());
    }

    private static void logLost(ProducerRecord<byte[], byte[]> record, Exception failure) {
        LOG.warnf("record not sent topic=%s reason=%s", record.topic(), failure.getMessage());
    }
}
