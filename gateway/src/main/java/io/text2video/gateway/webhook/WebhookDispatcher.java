package io.text2video.gateway.webhook;

import io.smallrye.common.annotation.Identifier;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.topic.DeadLetter;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.gateway.consumers.HandlerOutcome;
import io.text2video.gateway.consumers.RecordHandler;
import io.text2video.gateway.consumers.Subscription;
import io.text2video.gateway.jobs.JobView;
import io.text2video.trace.TraceHeaders;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Makes the deliveries on {@code video.webhooks} when they are due: each try is a record, and one in vain is followed by the
 * next. Those of a host that has as many in hand as it may wait where they are.
 */
@Singleton
class WebhookDispatcher implements RecordHandler {
    private static final String GROUP = "video-webhooks";
    private static final Duration VIEW_PAUSE = Duration.ofSeconds(1);
    /** Beyond a call's own deadline: for what follows from it. */
    private static final Duration RELEASE_MARGIN = Duration.ofSeconds(5);

    /** A call waits so long for a paused host. */
    private static final Duration LONGEST_PAUSE = Duration.ofDays(7);

    private final WebhookAttempts attempts;
    private final Duration releaseTimeout;
    private final HostLimit hosts;
    private final PausedHosts paused;
    private final JobView view;

    WebhookDispatcher(
            WebhookAttempts attempts, HostLimit hosts, PausedHosts paused, JobView view, WebhookConfig config) {
        this.attempts = attempts;
        this.hosts = hosts;
        this.paused = paused;
        this.view = view;
        releaseTimeout = config.timeout().plus(RELEASE_MARGIN);
    }

    @Produces
    @Singleton
    @Identifier(GROUP)
    Subscription subscription() {
        return new Subscription(Topic.WEBHOOKS, GROUP, this, releaseTimeout);
    }

    @Override
    public CompletionStage<HandlerOutcome> handle(ConsumerRecord<byte[], byte[]> record, Start start)
            throws InvalidMessageException {
        WebhookDelivery delivery = JsonCodec.read(record.value(), WebhookDelivery.class);
        Instant now = Instant.now();
        Instant due = RecordHandler.due(record, delivery.due());
        if (due.isAfter(now)) {
            return CompletableFuture.completedFuture(new HandlerOutcome.NotBefore(due));
        }
        if (isSuperseded(delivery)) {
            return CompletableFuture.completedFuture(HandlerOutcome.FINISHED);
        }
        if (!hosts.enter(delivery.url())) {
            return CompletableFuture.completedFuture(new HandlerOutcome.NotBefore(hosts.again(delivery.url(), now)));
        }
        Optional<Instant> again = paused.again(delivery, now);
        if (again.isPresent()) {
            hosts.leave(delivery.url());
            return CompletableFuture.completedFuture(wait(record, delivery, now, again.get()));
        }
        WebhookSpan span = WebhookSpan.begin(record, delivery);
        return attempts.call(delivery, start, span.context())
                .onTermination()
                .invoke(() -> hosts.leave(delivery.url()))
                .invoke(result -> span.end(result.kind()))
                .map(result -> outcome(record, delivery, result))
                .subscribeAsCompletionStage();
    }

    /** Somebody has asked for it by hand since: that call has tries of its own. */
    private boolean isSuperseded(WebhookDelivery delivery) {
        return !delivery.isByHand()
                && view.deliveries()
                        .find(delivery.id(), delivery.type())
                        .filter(log -> log.redeliveries() > delivery.redeliveries())
                        .isPresent();
    }

    /** Until its host is released: written again from time to time, as its topic would drop it, and given up in the end. */
    private HandlerOutcome wait(
            ConsumerRecord<byte[], byte[]> record, WebhookDelivery delivery, Instant now, Instant again) {
        if (now.isAfter(delivery.due().plus(LONGEST_PAUSE))) {
            String reason =
                    "its host is paused, and was for the %d days that a call waits".formatted(LONGEST_PAUSE.toDays());
            return outcome(record, delivery, attempts.giveUp(delivery, reason));
        }
        return now.isAfter(Instant.ofEpochMilli(record.timestamp()).plus(LONGEST_WAIT))
                ? new HandlerOutcome.FollowedBy(after(record, record.value()))
                : new HandlerOutcome.NotBefore(again);
    }

    /** The next try, which is a part of the same. */
    private static ProducerRecord<byte[], byte[]> after(ConsumerRecord<byte[], byte[]> record, byte[] value) {
        var next = new ProducerRecord<>(record.topic(), record.key(), value);
        TraceHeaders.copy(record.headers(), next.headers());
        return next;
    }

    private static HandlerOutcome outcome(
            ConsumerRecord<byte[], byte[]> record, WebhookDelivery delivery, Result result) {
        List<ProducerRecord<byte[], byte[]>> next = new ArrayList<>();
        if (result.log() != null) {
            next.add(JobRecords.log(result.log()));
        }
        switch (result.kind()) {
            case DONE -> {}
            case AGAIN -> next.add(after(record, JsonCodec.write(result.delivery())));
            case GIVEN_UP -> next.add(DeadLetter.of(record, result.reason(), delivery.tries() + 1));
            case NOT_TRIED -> {
                return new HandlerOutcome.NotBefore(Instant.now().plus(VIEW_PAUSE));
            }
        }
        return new HandlerOutcome.FollowedBy(next);
    }
}
