package io.text2video.gateway.consumers;

import io.text2video.common.json.InvalidMessageException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is done with the records of a {@link GroupConsumer}. */
public interface RecordHandler {
    /** No record waits longer: its topic would drop it some day. */
    Duration LONGEST_WAIT = Duration.ofDays(1);

    /**
     * Says at once what is done with a record, or will be. On the consumer's thread: it must not block. Whatever fails, here
     * or later, has the record dead-lettered.
     *
     * @param start is asked right before something is done that must not be done twice
     */
    CompletionStage<HandlerOutcome> handle(ConsumerRecord<byte[], byte[]> record, Start start)
            throws InvalidMessageException;

    /** Whether a record may still be begun. */
    @FunctionalInterface
    interface Start {
        /** From a yes on, the partition is not given away before the outcome; after a no it is another consumer's. Any thread. */
        boolean begin();
    }

    /** When a record is due that names a time: at the latest {@link #LONGEST_WAIT} after it was written. */
    static Instant due(ConsumerRecord<byte[], byte[]> record, Instant named) {
        Instant latest = Instant.ofEpochMilli(record.timestamp()).plus(LONGEST_WAIT);
        return named.isAfter(latest) ? latest : named;
    }
}
