package io.text2video.worker.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.event.CloudEvents;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.json.Messages;
import io.text2video.common.topic.DeadLetter;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.WebhookDelivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;

/**
 * Tells the fleet what becomes of a job. Starts and progress are sent and forgotten; ends and dead letters are waited
 * for until every replica in sync has them.
 */
public final class JobPublisher implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(JobPublisher.class);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaProducer<byte[], byte[]> producer;

    /** @param kafka client configuration, {@code bootstrap.servers} at least */
    public JobPublisher(Map<String, Object> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void started(JobSnapshot job) {
        sendAndForget(state(job));
        sendAndForget(event(VideoEvent.of(job)));
    }

    void progress(VideoEvent event) {
        sendAndForget(event(event));
    }

    /**
     * The job has ended: its state, the event, and the webhook when it has one.
     *
     * @throws PublicationException when the broker does not take them all
     */
    void ended(JobSnapshot job) {
        VideoEvent event = VideoEvent.of(job);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        sent.add(send(state(job)));
        sent.add(send(event(event)));
        if (job.webhook() != null) {
            var delivery = WebhookDelivery.first(job, event.type());
            sent.add(send(record(Topic.WEBHOOKS, job, Messages.write(delivery))));
        }
        sent.forEach(this::await);
    }

    /**
     * The record cannot be done: it goes to the dead letters as it is.
     *
     * @throws PublicationException when the broker does not take it
     */
    void parked(ConsumerRecord<byte[], byte[]> record, String reason) {
        await(send(DeadLetter.of(record, reason)));
    }

    /**
     * The record is for other workers.
     *
     * @throws PublicationException when the broker does not take it
     */
    void forwarded(ProducerRecord<byte[], byte[]> record) {
        await(send(record));
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }

    private static ProducerRecord<byte[], byte[]> state(JobSnapshot job) {
        return record(Topic.JOBS, job, Messages.write(job));
    }

    private static ProducerRecord<byte[], byte[]> event(VideoEvent event) {
        var record = CloudEvents.record(event);
        return new ProducerRecord<>(
                record.topic(), null, null, record.key().getBytes(UTF_8), record.value(), record.headers());
    }

    private static ProducerRecord<byte[], byte[]> record(Topic topic, JobSnapshot job, byte[] value) {
        return new ProducerRecord<>(topic.topicName(), job.id().toString().getBytes(UTF_8), value);
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void sendAndForget(ProducerRecord<byte[], byte[]> record) {
        send(record);
    }

    private Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        return producer.send(record, (metadata, failure) -> {
            if (failure != null) {
                LOG.warnf("message not sent topic=%s cause=%s", record.topic(), failure.getMessage());
            }
        });
    }

    private void await(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new PublicationException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublicationException(e);
        }
    }
}
