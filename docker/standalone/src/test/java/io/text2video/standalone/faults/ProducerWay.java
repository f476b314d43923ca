package io.text2video.standalone.faults;

import io.text2video.common.job.JobId;
import io.text2video.common.topic.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A program that puts its requests on {@code video.requests} itself; what the broker acknowledged is accepted. */
final class ProducerWay implements Workload.Way, AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaProducer<String, byte[]> producer;

    ProducerWay(String bootstrapServers) {
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "acks",
                        "all",
                        "delivery.timeout.ms",
                        "20000",
                        "request.timeout.ms",
                        "5000",
                        "linger.ms",
                        "0"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @Override
    public Workload.Answer submit(WantedVideo wanted, String webhook) throws InterruptedException {
        JobId id = JobId.next();
        var record = new ProducerRecord<>(Topic.REQUESTS.topicName(), id.toString(), wanted.record(id, webhook));
        try {
            String place = producer.send(record).get().toString();
            return new Workload.Answer(SubmittedJob.Outcome.ACCEPTED, id.toString(), place);
        } catch (ExecutionException e) {
            return new Workload.Answer(
                    SubmittedJob.Outcome.UNKNOWN, null, e.getCause().toString());
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
