package io.text2video.worker.jobs;

import io.text2video.common.job.JobId;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.JobFolders;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedServices;
import io.text2video.embedded.TopicRecords;
import io.text2video.kafka.TopicInitializer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A broker and a store, and what was published and stored there. */
final class JobFleet implements AutoCloseable {
    private static final int PARTITIONS = 1;

    private final EmbeddedServices services;
    final ObjectStore store;
    final JobFolders folders;

    JobFleet(Path data) throws IOException {
        services = new EmbeddedServices(data);
        store = new ObjectStore(services.s3());
        store.ensureBucket();
        folders = new JobFolders(store);
        TopicInitializer.initialize(kafka(), PARTITIONS, Duration.ofSeconds(30));
    }

    Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", services.bootstrapServers());
    }

    /** Everything on the topic with this key, read to its end. */
    List<ConsumerRecord<String, byte[]>> records(Topic topic, JobId key) {
        return records(topic.topicName(), key);
    }

    List<ConsumerRecord<String, byte[]>> records(String topic, JobId key) {
        return TopicRecords.of(services.bootstrapServers(), topic, key.toString());
    }

    /** Makes the pool's topic and group. */
    void add(Pool pool) {
        TopicInitializer.initialize(kafka(), PARTITIONS, Duration.ofSeconds(30), pool);
    }

    <T> List<T> messages(Topic topic, JobId key, Class<T> type) throws InvalidMessageException {
        List<T> messages = new ArrayList<>();
        for (var record : records(topic, key)) {
            messages.add(JsonCodec.read(record.value(), type));
        }
        return messages;
    }

    @Override
    public void close() {
        store.close();
        services.close();
    }
}
