package io.text2video.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.context.Context;
import io.text2video.common.topic.DeadLetter;
import io.text2video.common.topic.Topic;
import io.text2video.trace.SendSpan;
import io.text2video.trace.TraceHeaders;
import io.text2video.trace.Tracing;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
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
        // Each is waited for, and seldom comes another that would go with it: Kafka's 5 ms would be added to all of
        // them.
        config.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
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
            publishAsync(record).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof PublicationException refused
                    ? refused
                    : new PublicationException(record.topic(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublicationException(record.topic(), e);
        }
    }

    /**
     * Waits for nothing but room in the producer's buffer and for the topic's metadata, {@code max.block.ms} at most.
     *
     * @return completes when the record is acknowledged, on the producer's thread, which must not be kept; fails with {@link
     *     PublicationException}
     */
    public CompletableFuture<Void> publishAsync(ProducerRecord<byte[], byte[]> record) {
        var published = new CompletableFuture<Void>();
        if (Tracing.isOn()) {
            publishTraced(record, published);
        } else {
            publish(record, published);
        }
        return published;
    }

    /** Sends what may be lost, and waits for nothing but room in the producer's buffer. A failure is logged. */
    @SuppressWarnings("FutureReturnValueIgnored")
    public void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(Tracing.isOn() ? named(record) : record, (metadata, failure) -> {
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

    /** Of what is part of nothing, as an announcement is, there is no span. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private void publishTraced(ProducerRecord<byte[], byte[]> record, CompletableFuture<Void> published) {
        Context parent = parent(record);
        if (!TraceHeaders.isSpan(parent)) {
            publish(record, published);
            return;
        }
        ProducerRecord<byte[], byte[]> copy = copy(record);
        String key = record.key() == null ? null : new String(record.key(), UTF_8);
        SendSpan span = SendSpan.begin(parent, record.topic(), key, copy.headers());
        published.whenComplete((done, failure) -> span.end(failure));
        publish(copy, published);
    }

    private static ProducerRecord<byte[], byte[]> named(ProducerRecord<byte[], byte[]> record) {
        ProducerRecord<byte[], byte[]> copy = copy(record);
        TraceHeaders.write(parent(record), copy.headers());
        return copy;
    }

    private static Context parent(ProducerRecord<byte[], byte[]> record) {
        Context current = Context.current();
        return TraceHeaders.isSpan(current) ? current : TraceHeaders.read(record.headers());
    }

    /** The headers of a record that was sent before cannot be written to. */
    private static ProducerRecord<byte[], byte[]> copy(ProducerRecord<byte[], byte[]> record) {
        return new ProducerRecord<>(
                record.topic(), record.partition(), record.timestamp(), record.key(), record.value(), record.headers());
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void publish(ProducerRecord<byte[], byte[]> record, CompletableFuture<Void> published) {
        try {
            producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    published.complete(null);
                } else {
                    refused(record, failure, published);
                }
            });
        } catch (KafkaException e) {
            refused(record, e, published);
        }
    }

    /** A dead letter may be too large for a topic that is older than this version, or somebody else's. */
    private void refused(ProducerRecord<byte[], byte[]> record, Exception failure, CompletableFuture<Void> published) {
        ProducerRecord<byte[], byte[]> cut = isDeadLetter(record) ? DeadLetter.cut(record) : record;
        if (cut != record && PublicationException.isTooLarge(failure)) {
            publish(cut, published);
        } else {
            published.completeExceptionally(new PublicationException(record.topic(), failure));
        }
    }

    private static boolean isDeadLetter(ProducerRecord<byte[], byte[]> record) {
        return record.topic().equals(Topic.DEAD_LETTERS.topicName());
    }

    private static void logLost(ProducerRecord<byte[], byte[]> record, Exception failure) {
        LOG.warnf("record not sent topic=%s reason=%s", record.topic(), failure.getMessage());
    }
}
