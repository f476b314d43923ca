package io.text2video.gateway.jobs;

import io.text2video.gateway.fleet.ClientInterceptor;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/** A consumer's interceptor that can hold its thread with what it has read, as a long pause does. */
public final class HeldReading extends ClientInterceptor {
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

    @Override
    public void close() {
        closedBy = Thread.currentThread().getName();
    }
}
