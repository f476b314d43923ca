package io.text2video.common.topic;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;

/** What a failure to publish means for whoever would publish again. */
public final class PublicationFailures {
    private PublicationFailures() {}

    /** Whether another try may succeed: Kafka calls it retriable, or it is none of Kafka's, as when nobody answered in time. */
    public static boolean mayPass(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException) {
                return true;
            }
            if (cause instanceof KafkaException && cause.getClass() != KafkaException.class) {
                return false;
            }
        }
        return true;
    }

    /** Whether the record is larger than the topic, or the producer, allows. */
    public static boolean isTooLarge(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RecordTooLargeException) {
                return true;
            }
        }
        return false;
    }
}
