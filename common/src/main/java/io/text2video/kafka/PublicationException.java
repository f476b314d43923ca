package io.text2video.kafka;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;

/** The broker did not acknowledge a record. It may be on its topic all the same, if {@link #isRetriable}. */
public final class PublicationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PublicationException(String topic, Throwable cause) {
        super("the broker does not take a record on %s: %s".formatted(topic, cause.getMessage()), cause);
    }

    /** Whether another try may succeed. */
    public boolean isRetriable() {
        return isRetriable(this);
    }

    /**
     * The same of a failure that has a cause of Kafka's somewhere: Kafka calls it retriable, or it is none of Kafka's, as when
     * nobody answered in time.
     */
    public static boolean isRetriable(Throwable failure) {
        Throwable cause = cause(failure);
        return cause == null || cause instanceof RetriableException;
    }

    /** Whether the record is larger than the topic, or the producer, allows. */
    public static boolean isTooLarge(Throwable failure) {
        return cause(failure) instanceof RecordTooLargeException;
    }

    /** The first of the causes by which Kafka says what it was; null where there is none. */
    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof KafkaException && cause.getClass() != KafkaException.class)) {
            cause = cause.getCause();
        }
        return cause;
    }
}
