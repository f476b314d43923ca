package io.text2video.gateway.commands;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.gateway.storage.StoredEnds;
import io.text2video.kafka.ReliablePublisher;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Publishes records about jobs, on the worker pool. */
@ApplicationScoped
class EndPublisher {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Of one record: a client waits. */
    private static final int DELIVERY_TIMEOUT_MS = 4_000;

    private final ReliablePublisher publisher;
    private final StoredEnds ends;

    EndPublisher(@Identifier("default-kafka-broker") Map<String, Object> kafka, StoredEnds ends) {
        this.ends = ends;
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS - 1_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        publisher = new ReliablePublisher(config);
    }

    /**
     * Sends one after the other, each when every in-sync replica has the one before. Fails with {@link
     * BrokerUnavailableException}, after which any of them may or may not be there.
     */
    Uni<Void> publish(List<ProducerRecord<byte[], byte[]>> records) {
        return publish("the job's end", records);
    }

    /** @param what they are, for the failure's words */
    Uni<Void> publish(String what, List<ProducerRecord<byte[], byte[]>> records) {
        return Uni.createFrom()
                .voidItem()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .invoke(() -> publisher.publish(records))
                .ifNoItem()
                .after(TIMEOUT)
                .fail()
                .onFailure()
                .transform(failure -> new BrokerUnavailableException(what, failure));
    }

    /**
     * Publishes a job's end. Others publish it too, and one of them may have deleted the job since: then the deletion is
     * published after it, or its topic would show the job again. Fails as {@link #publish} and {@link StoredEnds#find} do.
     *
     * @param others to be sent after the end
     */
    Uni<Void> publishEnd(JobSnapshot end, List<ProducerRecord<byte[], byte[]>> others) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(JobRecords.end(end));
        records.addAll(others);
        return publish(records).chain(() -> ends.find(end.id())).chain(now -> now.filter(
                        found -> found.status() != end.status())
                .map(deleted -> publish(JobRecords.end(deleted)))
                .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    @PreDestroy
    void close() {
        publisher.close();
    }
}
