package io.text2video.standalone.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.job.JobId;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A program that puts records on the fleet's topics itself; what the broker acknowledged is accepted. Half of the
 * requests go to the topic of the wrong pool, to be forwarded. Thread-safe.
 */
final class OtherProgram implements Workload.Way, AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final int MISPLACED_IN_A_ROW = 3;
    private static final List<Pool> POOLS = List.of(Pool.DEFAULT, WantedVideo.SECOND_POOL);

    private final KafkaProducer<String, byte[]> producer;
    private final boolean misplaces;
    private final AtomicInteger submissions = new AtomicInteger();
    private final AtomicInteger spoiled = new AtomicInteger();

    /** @param misplaces whether there is a second pool to send records to by mistake */
    OtherProgram(String bootstrapServers, boolean misplaces) {
        this.misplaces = misplaces;
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
    public String name() {
        return "producer";
    }

    @Override
    public Answer submit(WantedVideo wanted, String webhook) throws InterruptedException {
        boolean misplaced = misplaces && submissions.getAndIncrement() / MISPLACED_IN_A_ROW % 2 == 1;
        return send(JobId.next(), wanted, webhook, misplaced);
    }

    /** The request of a job that was asked for, by whomever, once more. */
    Answer resend(String job, WantedVideo wanted, String webhook) throws InterruptedException {
        return send(JobId.parse(job), wanted, webhook, false);
    }

    Answer cancel(String job) throws InterruptedException {
        return send(
                Topic.CONTROL.topicName(),
                job,
                JsonCodec.write(Map.of("id", job, "action", "cancel", "time", Instant.now())));
    }

    /** What is no request, in one of two ways, to any of the pools. */
    Answer spoil(String job) throws InterruptedException {
        int turn = spoiled.getAndIncrement();
        byte[] value = turn / 2 % 2 == 0 ? JsonCodec.write(Map.of("id", job)) : "{".getBytes(UTF_8);
        return send(POOLS.get(turn % POOLS.size()).topic(), job, value);
    }

    private Answer send(JobId id, WantedVideo wanted, String webhook, boolean misplaced) throws InterruptedException {
        Pool target = misplaced
                ? POOLS.stream()
                        .filter(pool -> !pool.equals(wanted.pool()))
                        .findAny()
                        .orElseThrow()
                : wanted.pool();
        return send(target.topic(), id.toString(), wanted.record(id, webhook, target));
    }

    private Answer send(String topic, String job, byte[] value) throws InterruptedException {
        try {
            String place =
                    producer.send(new ProducerRecord<>(topic, job, value)).get().toString();
            return new Answer(Answer.Outcome.ACCEPTED, job, place);
        } catch (ExecutionException e) {
            return new Answer(Answer.Outcome.UNKNOWN, null, e.getCause().toString());
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
