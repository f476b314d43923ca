package io.text2video.gateway.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.job.JobId;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.lifecycle.RetryHeaders;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.consumers.RecordHandler;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.fleet.TopicTail;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class RetryDispatcherTest {
    private static final Instant SENT = Instant.ofEpochMilli(1_767_323_045_000L);

    @Inject
    OtherPrograms others;

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    private final JobId id = JobId.next();

    @Test
    void shouldPublishARequestAgainWhenItIsDueAndNotBefore() {
        // Given one that is not due for long, on the same partition and before it
        retry(id, Instant.now().plus(Duration.ofHours(1)), "far");
        Instant due = Instant.now().plusMillis(1500);
        retry(id, due, "near");

        await().until(() -> !requests(id).isEmpty());

        assertThat(Instant.now()).isAfterOrEqualTo(due);
        ConsumerRecord<String, byte[]> request = requests(id).get(0);
        assertThat(new String(request.value(), UTF_8)).contains("near");
        assertThat(request.timestamp()).isEqualTo(SENT.toEpochMilli());
        assertThat(Lineage.of(request.headers())).isEqualTo(new Lineage(2, 1, 1));
        assertThat(request.headers().lastHeader("traceparent").value()).isEqualTo("00-abc".getBytes(UTF_8));
        assertThat(RetryHeaders.of(request.headers())).isEmpty();
    }

    @Test
    void shouldGoOnAfterATimeThatTheBrokerWouldRefuse() {
        JobId next = JobId.next();
        retry(id, Instant.EPOCH, Instant.ofEpochMilli(999_999_999_999_999L), "sent in thousands of years");
        await().until(() -> !requests(id).isEmpty());

        retry(next, Instant.EPOCH, SENT, "sent before");

        await().until(() -> !requests(next).isEmpty());
    }

    @Test
    void shouldLeaveWhatIsNotDueWhereItIs() {
        // Given one that is not due for long
        retry(id, Instant.now().plus(Duration.ofHours(1)), "far");

        // When the dispatcher, which polls once a second at least, has had it in hand for some of its rounds
        await().during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(60))
                .until(() -> retries(id).size() == 1);

        assertThat(requests(id)).isEmpty();
    }

    @Test
    void shouldDeadLetterARetryForAPoolThatThereIsNotAndGoOn() {
        JobId next = JobId.next();
        try (var deadLetters = new TopicTail(kafka, Topic.DEAD_LETTERS)) {
            send(id, new RetryHeaders(Instant.EPOCH, "video.requests.gone", SENT, "it broke"), "nowhere");
            retry(next, Instant.EPOCH, "somewhere");

            assertThat(deadLetters.reasonFor(id)).isEqualTo("no pool has the topic video.requests.gone (retry-topic)");
            await().until(() -> !requests(next).isEmpty());
        }
    }

    @Test
    void shouldWaitADayForARetryThatIsDueInThousandsOfYears() {
        retry(id, Instant.ofEpochMilli(999_999_999_999_999L), "far");
        ConsumerRecord<String, byte[]> retry = retries(id).get(0);
        var read = new ConsumerRecord<>(
                retry.topic(),
                retry.partition(),
                retry.offset(),
                retry.timestamp(),
                TimestampType.CREATE_TIME,
                0,
                0,
                new byte[0],
                retry.value(),
                retry.headers(),
                Optional.empty());

        Instant due = RecordHandler.due(
                read, RetryHeaders.of(retry.headers()).orElseThrow().due());

        assertThat(due).isEqualTo(Instant.ofEpochMilli(retry.timestamp()).plus(Duration.ofDays(1)));
    }

    @Test
    void shouldDeadLetterWhatDoesNotSayWhenItIsDue() {
        try (var deadLetters = new TopicTail(kafka, Topic.DEAD_LETTERS)) {
            others.send(new ProducerRecord<>(Topic.RETRY.topicName(), id.toString(), "{}".getBytes(UTF_8)));

            assertThat(deadLetters.reasonFor(id)).contains("retry-due");
        }
    }

    private void retry(JobId id, Instant due, String prompt) {
        retry(id, due, SENT, prompt);
    }

    private void retry(JobId id, Instant due, Instant sent, String prompt) {
        send(id, new RetryHeaders(due, Topic.REQUESTS.topicName(), sent, "it broke"), prompt);
    }

    private void send(JobId id, RetryHeaders retry, String prompt) {
        String json = "{\"id\":\"%s\",\"prompt\":\"%s\"}".formatted(id, prompt);
        var headers = new RecordHeaders();
        headers.add("traceparent", "00-abc".getBytes(UTF_8));
        var original = new ConsumerRecord<>(
                Topic.REQUESTS.topicName(),
                0,
                7,
                SENT.toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                0,
                id.toString().getBytes(UTF_8),
                json.getBytes(UTF_8),
                headers,
                Optional.empty());
        var record = retry.record(original, new Lineage(2, 1, 1));
        others.send(new ProducerRecord<>(record.topic(), null, id.toString(), record.value(), record.headers()));
    }

    private List<ConsumerRecord<String, byte[]>> requests(JobId id) {
        return records(Topic.REQUESTS, id);
    }

    private List<ConsumerRecord<String, byte[]>> retries(JobId id) {
        return records(Topic.RETRY, id);
    }

    private List<ConsumerRecord<String, byte[]>> records(Topic topic, JobId id) {
        return TopicRecords.of(kafka.get("bootstrap.servers").toString(), topic.topicName(), id.toString());
    }
}
