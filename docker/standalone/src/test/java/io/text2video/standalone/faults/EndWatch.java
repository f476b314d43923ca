package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.common.topic.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Follows {@code video.jobs} for the jobs that have ended, so that new ones are asked for in time. */
final class EndWatch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Set<String> ENDS = Set.of("completed", "failed", "cancelled");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closed;

    EndWatch(String bootstrapServers) {
        thread = new Thread(() -> follow(bootstrapServers), "end-watch");
        thread.setDaemon(true);
        thread.start();
    }

    static boolean isEnd(JsonNode snapshot) {
        return ENDS.contains(snapshot.path("status").asText());
    }

    /** Jobs that have ended by now. */
    Set<String> ended() {
        return ended;
    }

    private void follow(String bootstrapServers) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest", "client.id", "end-watch");
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(Topic.JOBS.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closed) {
                poll(consumer);
            }
        }
    }

    private void poll(KafkaConsumer<String, byte[]> consumer) {
        try {
            consumer.poll(POLL).forEach(this::read);
        } catch (KafkaException e) {
            // The broker is away, as it often is here.
        }
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        try {
            if (record.value() != null && isEnd(JSON.readTree(record.value()))) {
                ended.add(record.key());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
