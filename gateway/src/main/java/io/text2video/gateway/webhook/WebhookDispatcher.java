package io.text2video.gateway.webhook;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.DeadLetter;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.gateway.due.DueRecord;
import io.text2video.gateway.due.DueRecords;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Makes the deliveries on {@code video.webhooks} when they are due. A record is acknowledged after its call. */
@ApplicationScoped
class WebhookDispatcher {
    private final WebhookAttempts attempts;

    WebhookDispatcher(WebhookAttempts attempts) {
        this.attempts = attempts;
    }

    @Incoming("video-webhooks")
    @Outgoing("video-webhook-outcomes")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    Multi<Message<ProducerRecord<byte[], byte[]>>> dispatch(Multi<Message<byte[]>> deliveries) {
        return DueRecords.follow(deliveries, this::read);
    }

    private DueRecord read(ConsumerRecord<byte[], byte[]> record) throws InvalidMessageException {
        WebhookDelivery delivery = JsonCodec.read(record.value(), WebhookDelivery.class);
        return new DueRecord(delivery.due(), () -> call(record, delivery));
    }

    private Uni<Optional<ProducerRecord<byte[], byte[]>>> call(
            ConsumerRecord<byte[], byte[]> record, WebhookDelivery delivery) {
        return attempts.call(delivery).map(result -> switch (result.kind()) {
            case DONE -> Optional.empty();
            case AGAIN ->
                Optional.of(new ProducerRecord<>(record.topic(), record.key(), JsonCodec.write(result.delivery())));
            case GIVEN_UP -> Optional.of(DeadLetter.of(record, result.reason(), delivery.tries() + 1));
        });
    }
}
