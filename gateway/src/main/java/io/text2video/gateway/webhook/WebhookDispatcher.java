package io.text2video.gateway.webhook;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.Messages;
import io.text2video.common.topic.DeadLetter;
import io.text2video.common.webhook.WebhookDelivery;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/**
 * Takes deliveries off {@code video.webhooks}, all of them at once, so that none waits for another. One that is not due
 * goes round: it is held for a moment, then put at the topic's end, so that the group's offsets keep moving and a
 * restart repeats moments, not half hours, of calls. A record is acknowledged after its call, or after what follows
 * from it is on Kafka: a delivery may be made twice, and is never lost.
 */
@ApplicationScoped
class WebhookDispatcher {
    private static final Duration HOLD = Duration.ofSeconds(20);
    private static final int AT_ONCE = 65_536;

    private final WebhookAttempts attempts;

    WebhookDispatcher(WebhookAttempts attempts) {
        this.attempts = attempts;
    }

    @Incoming("video-webhooks")
    @Outgoing("video-webhook-outcomes")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    Multi<Message<ProducerRecord<byte[], byte[]>>> dispatch(Multi<Message<byte[]>> deliveries) {
        return deliveries.onItem().transformToUni(this::dispatch).merge(AT_ONCE);
    }

    /** A failure would end the stream: whatever comes unforeseen is parked. */
    private Uni<Message<ProducerRecord<byte[], byte[]>>> dispatch(Message<byte[]> message) {
        ConsumerRecord<byte[], byte[]> record = record(message);
        return Uni.createFrom()
                .deferred(() -> follow(record))
                .onFailure()
                .recoverWithItem(failure -> Optional.of(DeadLetter.of(record, failure.toString())))
                .flatMap(next -> next.isPresent()
                        ? Uni.createFrom().item(message.withPayload(next.get()))
                        : Uni.createFrom().completionStage(message.ack()).replaceWith(() -> null));
    }

    /** The record that is to follow this one, if any. */
    private Uni<Optional<ProducerRecord<byte[], byte[]>>> follow(ConsumerRecord<byte[], byte[]> record) {
        WebhookDelivery delivery;
        try {
            delivery = Messages.read(record.value(), WebhookDelivery.class);
        } catch (InvalidMessageException e) {
            return Uni.createFrom().item(Optional.of(DeadLetter.of(record, e.getMessage())));
        }
        Duration wait = Duration.between(Instant.now(), delivery.due());
        if (wait.compareTo(HOLD) > 0) {
            return after(HOLD, Uni.createFrom().item(Optional.of(round(record))));
        }
        return after(wait, attempts.call(delivery)).map(result -> switch (result.kind()) {
            case DONE -> Optional.empty();
            case AGAIN ->
                Optional.of(new ProducerRecord<>(record.topic(), record.key(), Messages.write(result.delivery())));
            case GIVEN_UP -> Optional.of(DeadLetter.of(record, result.reason()));
        });
    }

    private static ProducerRecord<byte[], byte[]> round(ConsumerRecord<byte[], byte[]> record) {
        return new ProducerRecord<>(record.topic(), record.key(), record.value());
    }

    private static <T> Uni<T> after(Duration wait, Uni<T> then) {
        return wait.toMillis() < 1
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
