package io.text2video.gateway.commands;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.text2video.common.control.ControlMessage;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.gateway.consumers.HandlerOutcome;
import io.text2video.gateway.consumers.RecordHandler;
import io.text2video.gateway.consumers.Subscription;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.ViewUnavailableException;
import io.text2video.gateway.storage.StoreUnavailableException;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * Does what {@code video.control} asks for, whoever wrote it: one gateway of the group takes each record. The workers read
 * it too, so a running job stops without its gateway. At least once; while the broker or the store is away it waits.
 */
@Singleton
class ControlConsumer implements RecordHandler {
    private static final Logger LOG = Logger.getLogger(ControlConsumer.class);
    private static final String GROUP = "video-control-gateways";
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final JobView view;
    private final Cancellation cancellation;
    private final Refusal refusal;

    ControlConsumer(JobView view, Cancellation cancellation, Refusal refusal) {
        this.view = view;
        this.cancellation = cancellation;
        this.refusal = refusal;
    }

    @Produces
    @Singleton
    @Identifier(GROUP)
    Subscription subscription() {
        return new Subscription(Topic.CONTROL, GROUP, this, RELEASE_TIMEOUT);
    }

    @Override
    public CompletionStage<HandlerOutcome> handle(ConsumerRecord<byte[], byte[]> record, Start start)
            throws InvalidMessageException {
        ControlMessage message = JsonCodec.read(record.value(), ControlMessage.class);
        return view.upToDate()
                .flatMap(done -> view.find(message.id()))
                .flatMap(job ->
                        start.begin() ? apply(message, job) : Uni.createFrom().voidItem())
                .replaceWith(HandlerOutcome.FINISHED)
                .onFailure(ControlConsumer::isRetriable)
                .recoverWithItem(failure -> {
                    LOG.warnf("control waits job=%s reason=%s", message.id(), failure.getMessage());
                    return new HandlerOutcome.NotBefore(Instant.now().plus(TRY_AGAIN));
                })
                .subscribeAsCompletionStage();
    }

    private Uni<Void> apply(ControlMessage message, Optional<Job> job) {
        return switch (message.action()) {
            case CANCEL -> cancel(message, job);
            case REFUSE -> refuse(message, job);
        };
    }

    /** Of a job that is known, whoever ends it publishes the end. */
    private Uni<Void> refuse(ControlMessage message, Optional<Job> job) {
        if (job.isPresent()) {
            LOG.warnf("a record that is no request has the id of a job job=%s", message.id());
            return Uni.createFrom().voidItem();
        }
        return refusal.end(message).replaceWithVoid();
    }

    /** A job that has ended may be one that the API has cancelled: then its end was published before this record. */
    private Uni<Void> cancel(ControlMessage message, Optional<Job> job) {
        if (job.isEmpty()) {
            LOG.warnf("control record dropped, there is no such job job=%s", message.id());
            return Uni.createFrom().voidItem();
        }
        return job.get().snapshot().status().isTerminal()
                ? Uni.createFrom().voidItem()
                : cancellation.endCancelled(job.get().snapshot()).replaceWithVoid();
    }

    private static boolean isRetriable(Throwable failure) {
        return failure instanceof ViewUnavailableException
                || failure instanceof StoreUnavailableException
                || (failure instanceof BrokerUnavailableException unavailable && unavailable.mayBeThere());
    }
}
