package io.text2video.worker.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.worker.queue.Delivery;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A delivery that remembers its end. */
final class TestDelivery implements Delivery {
    private final ConsumerRecord<byte[], byte[]> record;
    volatile boolean lost;
    volatile String end = "none";
    Runnable atAccept = () -> {};

    TestDelivery(String key, String value) {
        this(Topic.REQUESTS.topicName(), key, value);
    }

    TestDelivery(String topic, String key, String value) {
        record = new ConsumerRecord<>(
                topic,
                0,
                7,
                Instant.now().toEpochMilli(),
                TimestampType.CREATE_TIME,
                key.length(),
                value.length(),
                key.getBytes(UTF_8),
                value.getBytes(UTF_8),
                new RecordHeaders(),
                Optional.empty());
    }

    static TestDelivery of(VideoRequest request) {
        return new TestDelivery(request.id().toString(), new String(JsonCodec.write(request), UTF_8));
    }

    @Override
    public ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    @Override
    public boolean isLost() {
        return lost;
    }

    @Override
    public void accept() {
        atAccept.run();
        end = "accepted";
    }

    @Override
    public void release() {
        end = "released";
    }
}
