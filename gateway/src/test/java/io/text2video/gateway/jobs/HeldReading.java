package io.text2video.gateway.jobs;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** A consumer's interceptor that can hold its thread with what it has read, as a long pause does. */
public final class HeldReading implements ConsumerInterceptor<byte[], byte[]>, ProducerInterceptor<byte[], byte[]> {
    private static volatile CountDownLatch released = new CountDownLatch(0);

    private static volatile boolean holding;
    private static volatile String closedBy;

    public static void hold() {
        holding = false;
        released = new CountDownLatch(1);
    }

    public static void release() {
        released.countDown();
    }

    /** Whether a consumer is being held. */
    public static boolean isHolding() {
        return holding;
    }

    /** The thread that has closed the last consumer. */
    public static String closedBy() {
        return closedBy;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        holding = released.getCount() > 0;
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return records;
    }

    /** Clients of both kinds are made of one configuration. */
    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
        return record;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception failure) {}

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void configure(Map<String, ?> config) {}

    @Override
    public void close() {
        closedBy = Thread.currentThread().getName();
    }
}
