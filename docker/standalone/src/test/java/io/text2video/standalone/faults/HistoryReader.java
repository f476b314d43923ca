package io.text2video.standalone.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.topic.Topic;
import io.text2video.embedded.TopicRecords;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads back what a run has left. */
final class HistoryReader {
    private final Fleet fleet;

    HistoryReader(Fleet fleet) {
        this.fleet = fleet;
    }

    History read(
            List<SubmittedJob> submissions,
            List<ReceivedWebhook> calls,
            List<InjectedFault> faults,
            Map<String, byte[]> undisturbed)
            throws IOException {
        List<Message> messages = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            TopicRecords.all(fleet.bootstrapServers(), topic.topicName())
                    .forEach(record -> messages.add(message(record)));
        }
        return new History(
                submissions,
                messages,
                fleet.store().blobs().operations(),
                fleet.store().objects(),
                calls,
                faults,
                undisturbed);
    }

    private static Message message(ConsumerRecord<String, byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return new Message(
                record.topic(),
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                record.key(),
                headers,
                Message.json(record.value()));
    }
}
