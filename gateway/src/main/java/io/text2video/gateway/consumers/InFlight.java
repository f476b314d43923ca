package io.text2video.gateway.consumers;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** A record that is handed over and has no outcome yet. */
final class InFlight implements RecordHandler.Start {
    private enum State {
        HANDED_OVER,
        BEGUN,
        WITHDRAWN
    }

    private final ConsumerRecord<byte[], byte[]> record;
    private final PartitionProgress progress;
    private final AtomicReference<State> state = new AtomicReference<>(State.HANDED_OVER);

    InFlight(ConsumerRecord<byte[], byte[]> record, PartitionProgress progress) {
        this.record = record;
        this.progress = progress;
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    PartitionProgress progress() {
        return progress;
    }

    TopicPartition partition() {
        return new TopicPartition(record.topic(), record.partition());
    }

    @Override
    public boolean begin() {
        return state.compareAndSet(State.HANDED_OVER, State.BEGUN) || state.get() == State.BEGUN;
    }

    /** Whether nothing was begun, and nothing will be. */
    boolean withdraw() {
        return state.compareAndSet(State.HANDED_OVER, State.WITHDRAWN);
    }

    @Override
    public String toString() {
        return name(record);
    }

    /** How logs name a record. */
    static String name(ConsumerRecord<?, ?> record) {
        return "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
    }
}
