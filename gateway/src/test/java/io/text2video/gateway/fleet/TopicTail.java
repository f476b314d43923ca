package io.text2video.gateway.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.text2video.common.job.JobId;
import io.text2video.common.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What is written to a topic from now on. */
public final class TopicTail implements AutoCloseable {
    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, ConsumerRecord<String, byte[]>> byKey = new HashMap<>();

    public TopicTail(Map<String, Object> kafka, Topic topic) {
        consumer = new KafkaConsumer<>(kafka, new StringDeserializer(), new ByteArrayDeserializer());
        var partitions = consumer.partitionsFor(topic.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /** Waits for the job's record and tells why it was dead-lettered. */
    public String reasonFor(JobId id) {
        await().pollInSameThread().until(() -> {
            consumer.poll(Duration.ofMillis(100)).forEach(record -> byKey.put(record.key(), record));
            return byKey.containsKey(id.toString());
        });
        var reason = byKey.get(id.toString()).headers().lastHeader("dead-letter-reason");
        return new String(reason.value(), UTF_8);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
