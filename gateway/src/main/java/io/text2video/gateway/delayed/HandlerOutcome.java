package io.text2video.gateway.delayed;

import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What came of a record that was handed over. */
public sealed interface HandlerOutcome {
    /** Nothing is left to do. */
    HandlerOutcome FINISHED = new Finished();

    record Finished() implements HandlerOutcome {}

    /** It is finished once that record is acknowledged. */
    record FollowedBy(ProducerRecord<byte[], byte[]> next) implements HandlerOutcome {}

    /** Nothing was done. It is to be handed over again, not before that time. */
    record NotBefore(Instant time) implements HandlerOutcome {}
}
