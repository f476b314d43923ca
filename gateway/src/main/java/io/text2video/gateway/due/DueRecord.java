package io.text2video.gateway.due;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record that waits for its time.
 *
 * @param due not before this
 * @param then what is done when it is due: the record that is to follow, if any
 */
public record DueRecord(Instant due, Supplier<Uni<Optional<ProducerRecord<byte[], byte[]>>>> then) {}
