package io.text2video.gateway.due;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.topic.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Does what is to be done with a topic's records when they are due, all of them at once, so that none waits for another. One
 * that is not due goes round: it is held for a moment, then put at the topic's end, so that the group's offsets keep moving
 * and a restart repeats moments, not half hours. A record is acknowledged after what follows from it is on Kafka: it may be
 * done twice, and is never lost. One that cannot be read is parked.
 */
public final class DueRecords {
    private static final Duration HOLD = Duration.ofSeconds(20);
    private static final int AT_ONCE = 65_536;

    private DueRecords() {}

    /** Reads a record. */
    @FunctionalInterface
    public interface Reader {
        /** @throws IllegalArgumentException when the record's headers are not what they must be */
        DueRecord read(ConsumerRecord<byte[], byte[]> record) throws InvalidMessageException;
    }

    /** @return what is to be sent, each message acknowledging the one that it follows from */
    public static Multi<Message<ProducerRecord<byte[], byte[]>>> follow(Multi<Message<byte[]>> messages, Reader reader) {
        return messages.onItem()
                .transformToUni(message -> follow(message, reader))
                .merge(AT_ONCE);
    }

    /** A failure would end the stream: whatever comes unforeseen is parked. */
    private static Uni<Message<ProducerRecord<byte[], byte[]>>> follow(Message<byte[]> message, Reader reader) {
        ConsumerRecord<byte[], byte[]> record = record(message);
        return Uni.createFrom()
                .deferred(() -> follow(record, reader))
                .onFailure()
                .recoverWithItem(failure -> Optional.of(DeadLetter.of(record, failure.toString())))
                .flatMap(next -> next.isPresent()
                        ? Uni.createFrom().item(message.withPayload(next.get()))
                        : Uni.createFrom().completionStage(message.ack()).replaceWith(() -> null));
    }

    private static Uni<Optional<ProducerRecord<byte[], byte[]>>> follow(
            ConsumerRecord<byte[], byte[]> record, Reader reader) {
        DueRecord due;
        try {
            due = reader.read(record);
        } catch (InvalidMessageException | IllegalArgumentException e) {
            return Uni.createFrom().item(Optional.of(DeadLetter.of(record, e.getMessage())));
        }
        Duration wait = Duration.between(Instant.now(), due.due());
        return wait.compareTo(HOLD) > 0
                ? after(HOLD, Uni.createFrom().item(Optional.of(round(record))))
                : after(wait, Uni.createFrom().deferred(() -> due.then().get()));
    }

    private static ProducerRecord<byte[], byte[]> round(ConsumerRecord<byte[], byte[]> record) {
        return new ProducerRecord<>(record.topic(), null, record.key(), record.value(), record.headers());
    }

    private static <T> Uni<T> after(Duration wait, Uni<T> then) {
        return wait.isNegative() || wait.isZero()
                ? then
                : Uni.createFrom().voidItem().onItem().delayIt().by(wait).flatMap(done -> then);
    }

    @SuppressWarnings("unchecked")
    private static ConsumerRecord<byte[], byte[]> record(Message<byte[]> message) {
        IncomingKafkaRecordMetadata<byte[], byte[]> metadata =
                message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
        return metadata.getRecord();
    }
}
