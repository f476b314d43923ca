package io.text2video.standalone.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.embedded.TopicRecords;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads back what a run has left: every record of every topic, and the whole bucket. */
final class HistoryReader {
    private final Fleet fleet;

    HistoryReader(Fleet fleet) {
        this.fleet = fleet;
    }

    History read(
            List<SubmittedJob> submissions,
            List<ClientAct> acts,
            List<WebhookReceiver.Call> calls,
            List<InjectedFault> faults,
            Map<String, byte[]> undisturbed)
            throws IOException {
        List<Message> messages = new ArrayList<>();
        for (String topic : topics()) {
            TopicRecords.all(fleet.bootstrapServers(), topic).forEach(record -> messages.add(message(record)));
        }
        return new History(
                submissions,
                acts,
                messages,
                fleet.store().blobs().operations(),
                fleet.store().objects(),
                calls,
                faults,
                undisturbed);
    }

    /** All but the broker's own. */
    private Set<String> topics() throws IOException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", fleet.bootstrapServers()))) {
            return admin.listTopics().names().get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
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
