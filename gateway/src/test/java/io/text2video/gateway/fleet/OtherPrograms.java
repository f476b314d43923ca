package io.text2video.gateway.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.common.annotation.Identifier;
import io.text2video.common.event.CloudEvents;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.WebhookDelivery;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes to the topics what workers and foreign producers write. Each call returns when the broker has the record. */
@Singleton
public class OtherPrograms {
    private final KafkaProducer<String, byte[]> producer;

    OtherPrograms(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        // Each record is waited for.
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("linger.ms", 0);
        producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    }

    public void request(String json, JobId id) {
        send(new ProducerRecord<>(Topic.REQUESTS.topicName(), id.toString(), json.getBytes(UTF_8)));
    }

    public void snapshot(JobSnapshot job) {
        send(new ProducerRecord<>(Topic.JOBS.topicName(), job.id().toString(), JsonCodec.write(job)));
    }

    public void forget(JobId id) {
        send(new ProducerRecord<>(Topic.JOBS.topicName(), id.toString(), null));
    }

    public void event(VideoEvent event) {
        send(CloudEvents.record(event));
    }

    public void webhook(JobSnapshot job) {
        send(new ProducerRecord<>(
                Topic.WEBHOOKS.topicName(), job.id().toString(), JsonCodec.write(WebhookDelivery.first(job))));
    }

    public void send(ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get();
        } catch (Exception e) {
            throw new IllegalStateException("the broker does not take " + record, e);
        }
    }

    @PreDestroy
    void close() {
        producer.close();
    }
}
