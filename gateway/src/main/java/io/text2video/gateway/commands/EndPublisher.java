package io.text2video.gateway.commands;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.text2video.common.topic.DeadLetter;
import io.text2video.common.topic.Topic;
import io.text2video.kafka.PublicationException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Puts records about jobs on their topics. */
@ApplicationScoped
class EndPublisher {
    static final String CHANNEL = "video-ends";

    private static final int WAITING_AT_MOST = 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final MutinyEmitter<ProducerRecord<byte[], byte[]>> records;

    EndPublisher(
            @Channel(CHANNEL) @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = WAITING_AT_MOST)
                    MutinyEmitter<ProducerRecord<byte[], byte[]>> records) {
        this.records = records;
    }

    /**
     * Sends one after the other, each when every in-sync replica has the one before. Fails with {@link
     * BrokerUnavailableException}, after which any of them may or may not be there.
     */
    Uni<Void> publish(List<ProducerRecord<byte[], byte[]>> all) {
        return Multi.createFrom()
                .iterable(all)
                .onItem()
                .transformToUniAndConcatenate(this::send)
                .collect()
                .last()
                .ifNoItem()
                .after(TIMEOUT)
                .fail()
                .onFailure()
                .transform(BrokerUnavailableException::new);
    }

    private Uni<Void> send(ProducerRecord<byte[], byte[]> record) {
        Uni<Void> sent = records.send(record);
        return record.topic().equals(Topic.DEAD_LETTERS.topicName())
                // The topic is older than this version, or somebody else's.
                ? sent.onFailure(PublicationException::isTooLarge)
                        .recoverWithUni(() -> records.send(DeadLetter.cut(record)))
                : sent;
    }
}
