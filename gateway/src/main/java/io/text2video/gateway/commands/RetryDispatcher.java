package io.text2video.gateway.commands;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.lifecycle.RetryHeaders;
import io.text2video.common.topic.Topic;
import io.text2video.gateway.consumers.HandlerOutcome;
import io.text2video.gateway.consumers.RecordHandler;
import io.text2video.gateway.consumers.Subscription;
import io.text2video.kafka.PublicationException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/**
 * Publishes the requests on {@code video.retry} again when they are due. One may come twice, and its job's folder tells. Owns
 * an admin client, which is asked whether a pool's topic exists: a producer would wait for one that does not.
 */
@Singleton
class RetryDispatcher implements RecordHandler {
    private static final Logger LOG = Logger.getLogger(RetryDispatcher.class);
    private static final String GROUP = "video-retry";
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final Admin admin;
    private final Counter published;

    RetryDispatcher(@Identifier("default-kafka-broker") Map<String, Object> kafka, MeterRegistry meters) {
        admin = Admin.create(kafka);
        published = Counter.builder("text2video.jobs.retried")
                .description("Requests that this gateway has published again after a failure that may pass")
                .register(meters);
    }

    @Produces
    @Singleton
    @Identifier(GROUP)
    Subscription subscription() {
        return new Subscription(Topic.RETRY, GROUP, this, RELEASE_TIMEOUT);
    }

    @PreDestroy
    void close() {
        admin.close(Duration.ZERO);
    }

    @Override
    public CompletionStage<HandlerOutcome> handle(ConsumerRecord<byte[], byte[]> record, Start start) {
        RetryHeaders headers = RetryHeaders.of(record.headers())
                .orElseThrow(() -> new IllegalArgumentException(
                        "no retry: its headers must say when it is due (retry-due), where (retry-topic) and when it"
                                + " was sent (retry-timestamp)"));
        Instant due = RecordHandler.due(record, headers.due());
        if (due.isAfter(Instant.now())) {
            return CompletableFuture.completedFuture(new HandlerOutcome.NotBefore(due));
        }
        return admin.describeTopics(List.of(headers.topic()))
                .allTopicNames()
                .toCompletionStage()
                .handle((topics, failure) -> failure == null ? publish(record, headers) : refuse(headers, failure));
    }

    private HandlerOutcome publish(ConsumerRecord<byte[], byte[]> record, RetryHeaders headers) {
        published.increment();
        Lineage lineage = Lineage.of(record.headers());
        LOG.infof(
                "job retried record=%s-%d@%d topic=%s generation=%d retry=%d reason=%s",
                record.topic(),
                record.partition(),
                record.offset(),
                headers.topic(),
                lineage.generation(),
                lineage.retries(),
                headers.reason());
        return new HandlerOutcome.FollowedBy(headers.request(record));
    }

    /** While the broker is away, it is asked again. */
    private static HandlerOutcome refuse(RetryHeaders headers, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof UnknownTopicOrPartitionException) {
            throw new IllegalArgumentException("no pool has the topic %s (retry-topic)".formatted(headers.topic()));
        }
        if (!PublicationException.isRetriable(cause)) {
            throw new CompletionException(cause);
        }
        LOG.warnf("retry waits for the broker topic=%s reason=%s", headers.topic(), cause.getMessage());
        return new HandlerOutcome.NotBefore(Instant.now().plus(ASK_AGAIN));
    }
}
