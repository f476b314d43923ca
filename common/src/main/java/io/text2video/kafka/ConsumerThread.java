package io.text2video.kafka;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * A thread that owns a Kafka consumer, which knows one thread only: closing this wakes its poll, and the thread itself then
 * leaves the group, when there is one, and closes it.
 */
public abstract class ConsumerThread extends ServiceThread {
    private static final Logger LOG = Logger.getLogger(ConsumerThread.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** For the thread itself; before it is started, for whoever made it. */
    protected final Consumer<byte[], byte[]> consumer;

    /**
     * @param name of the thread, and of its health check
     * @param consumer this one's from now on
     */
    protected ConsumerThread(String name, Consumer<byte[], byte[]> consumer) {
        super(name);
        this.consumer = consumer;
    }

    /** What is to be done before the consumer is closed: on its own thread, once, when no round is to come. */
    protected void beforeClose() {}

    @Override
    protected final void wakeup() {
        consumer.wakeup();
    }

    @Override
    protected final void cleanUp() {
        try {
            beforeClose();
        } finally {
            closeConsumer();
        }
    }

    private void closeConsumer() {
        try {
            consumer.close(CLOSE_TIMEOUT);
        } catch (KafkaException e) {
            LOG.warnf("consumer not closed in good order, the broker waits for it name=%s reason=%s", name(), e);
        }
    }
}
