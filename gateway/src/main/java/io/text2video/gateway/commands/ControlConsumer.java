package io.text2video.gateway.commands;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.text2video.common.control.ControlMessage;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.DeadLetter;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.ViewUnavailableException;
import io.text2video.gateway.storage.StoreUnavailableException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Does what {@code video.control} asks for, whoever wrote it: one gateway of the group takes each record. The workers read
 * it too, so a running job stops without its gateway. One record at a time, each until it is done, so at least once; while
 * the broker or the store is away it waits.
 */
@ApplicationScoped
class ControlConsumer {
    private static final Logger LOG = Logger.getLogger(ControlConsumer.class);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

    private final JobView view;
    private final Cancellation cancellation;
    private final Refusal refusal;
    private final EndPublisher publisher;

    ControlConsumer(JobView view, Cancellation cancellation, Refusal refusal, EndPublisher publisher) {
        this.view = view;
        this.cancellation = cancellation;
        this.refusal = refusal;
        this.publisher = publisher;
    }

    /** A failure would end the stream: whatever comes unforeseen is dead-lettered. */
    @Incoming("video-control")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    Uni<Void> consume(Message<byte[]> message) {
        ConsumerRecord<byte[], byte[]> record = record(message);
        return retrying(Uni.createFrom().deferred(() -> apply(record)))
                .onFailure()
                .recoverWithUni(failure -> retrying(deadLetter(record, failure.toString())))
                .onFailure()
                .recoverWithUni(failure -> {
                    LOG.errorf(
                            failure,
                            "control record skipped, it cannot be dead-lettered partition=%d offset=%d",
                            record.partition(),
                            record.offset());
                    return Uni.createFrom().voidItem();
                })
                .chain(() -> Uni.createFrom().completionStage(message.ack()));
    }

    private Uni<Void> apply(ConsumerRecord<byte[], byte[]> record) {
        ControlMessage message;
        try {
            message = JsonCodec.read(record.value(), ControlMessage.class);
        } catch (InvalidMessageException e) {
            return deadLetter(record, e.getMessage());
        }
        return switch (message.action()) {
            case CANCEL ->
                view.upToDate().flatMap(done -> view.find(message.id())).flatMap(job -> cancel(message, job));
            case REFUSE ->
                view.upToDate().flatMap(done -> view.find(message.id())).flatMap(job -> refuse(message, job));
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

    private Uni<Void> deadLetter(ConsumerRecord<byte[], byte[]> record, String reason) {
        LOG.warnf(
                "control record dead-lettered partition=%d offset=%d reason=%s",
                record.partition(), record.offset(), reason);
        return publisher.publish(List.of(DeadLetter.of(record, reason)));
    }

    private static Uni<Void> retrying(Uni<Void> work) {
        return work.onFailure(ControlConsumer::isRetriable)
                .invoke(failure -> LOG.warnf("control waits reason=%s", failure.getMessage()))
                .onFailure(ControlConsumer::isRetriable)
                .retry()
                .withBackOff(FIRST_BACKOFF, LONGEST_BACKOFF)
                .indefinitely();
    }

    private static boolean isRetriable(Throwable failure) {
        return failure instanceof ViewUnavailableException
                || failure instanceof StoreUnavailableException
                || (failure instanceof BrokerUnavailableException unavailable && unavailable.mayBeThere());
    }

    @SuppressWarnings("unchecked")
    private static ConsumerRecord<byte[], byte[]> record(Message<byte[]> message) {
        IncomingKafkaRecordMetadata<byte[], byte[]> metadata =
                message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
        return metadata.getRecord();
    }
}
