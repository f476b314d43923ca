package io.text2video.gateway.retry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.lifecycle.RetryHeaders;
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
import org.jboss.logging.Logger;

/** Publishes the requests on {@code video.retry} again when they are due. One may come twice, and its job's folder tells. */
@ApplicationScoped
class RetryDispatcher {
    private static final Logger LOG = Logger.getLogger(RetryDispatcher.class);

    private final Counter published;

    RetryDispatcher(MeterRegistry meters) {
        published = Counter.builder("text2video.jobs.retried")
                .description("Requests that this gateway has published again after a failure that may pass")
                .register(meters);
    }

    @Incoming("video-retry")
    @Outgoing("video-retry-requests")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    Multi<Message<ProducerRecord<byte[], byte[]>>> dispatch(Multi<Message<byte[]>> retries) {
        return DueRecords.follow(retries, this::read);
    }

    private DueRecord read(ConsumerRecord<byte[], byte[]> record) {
        RetryHeaders headers = RetryHeaders.of(record.headers())
                .orElseThrow(() -> new IllegalArgumentException(
                        "no retry: its headers must say when it is due (retry-due), where (retry-topic) and when it"
                                + " was sent (retry-timestamp)"));
        return new DueRecord(headers.due(), () -> publish(record, headers));
    }

    private Uni<Optional<ProducerRecord<byte[], byte[]>>> publish(
            ConsumerRecord<byte[], byte[]> record, RetryHeaders headers) {
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
        return Uni.createFrom().item(Optional.of(headers.request(record)));
    }
}
