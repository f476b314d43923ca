package io.text2video.gateway.jobs;

import io.text2video.common.lifecycle.Lineage;
import java.util.Comparator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a job's request lies.
 *
 * @param generation how often the request had been published, from 1
 * @param hops how often this publication was forwarded to another pool
 */
public record RequestPlace(String topic, int partition, long offset, int generation, int hops) {
    private static final Comparator<RequestPlace> ORDER =
            Comparator.comparingInt(RequestPlace::generation).thenComparingInt(RequestPlace::hops);

    static RequestPlace of(ConsumerRecord<byte[], byte[]> record) {
        int hops = 0;
        for (var any : record.headers().headers(Lineage.FORWARDED_FROM)) {
            hops++;
        }
        return new RequestPlace(
                record.topic(),
                record.partition(),
                record.offset(),
                Lineage.of(record.headers()).generation(),
                hops);
    }

    public TopicPartition topicPartition() {
        return new TopicPartition(topic, partition);
    }

    /** Of several copies of one publication, the first that was read counts. */
    boolean supersedes(RequestPlace other) {
        return other == null || ORDER.compare(this, other) > 0;
    }
}
