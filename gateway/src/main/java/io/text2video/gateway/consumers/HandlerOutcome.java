package io.text2video.gateway.consumers;

import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What came of a record that was handed over. */
public sealed interface HandlerOutcome {
    /** Nothing is left to do. */
    HandlerOutcome FINISHED = new Finished();

    record Finished() implements HandlerOutcome {}

    /** It is finished once those records are acknowledged, each of which is sent when the one before is. */
    record FollowedBy(List<ProducerRecord<byte[], byte[]>> next) implements HandlerOutcome {
        public FollowedBy {
            next = List.copyOf(next);
        }

        public FollowedBy(ProducerRecord<byte[], byte[]> next) {
            this(List.of(next));
        }
    }

    /** Nothing was done. It is to be handed over again, not before that time. */
    record NotBefore(Instant time) implements HandlerOutcome {}
}
