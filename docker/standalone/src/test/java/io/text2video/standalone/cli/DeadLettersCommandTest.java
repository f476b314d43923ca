package io.text2video.standalone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.job.Webhook;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.job.WebhookSecret;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.topic.DeadLetter;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.embedded.TopicRecords;
import io.text2video.kafka.TopicInitializer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dead-letters}, as docs/04-kafka.md shows it, on a real broker. */
@Tag("slow")
class DeadLettersCommandTest {
    private static final Instant SENT = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    static Path data;

    private static EmbeddedKafka broker;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final JobId id = JobId.next();

    @BeforeAll
    static void startBroker() throws Exception {
        broker = new EmbeddedKafka(data, 0);
        TopicInitializer.initialize(Map.of("bootstrap.servers", broker.bootstrapServers()), 2, Duration.ofSeconds(30));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void shouldListAndShowWhatWasParked() throws Exception {
        String at = deadLetter(Topic.REQUESTS, "garbage\u001b[31m".getBytes(UTF_8), "not valid JSON", 1);

        assertThat(run("list")).as(err.toString()).isZero();
        assertThat(out.toString().lines().filter(line -> line.contains(id.toString())))
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith(at + " ").contains(" 1  not valid JSON"));

        assertThat(run("show", id.toString())).isZero();
        assertThat(out.toString())
                .contains("dead-letter-topic: video.requests", "dead-letter-offset: 7", "traceparent: 00-abc")
                .contains("garbage\\u001b[31m");

        assertThat(run("show", at, "--json")).isZero();
        JsonNode letter = new ObjectMapper().readTree(out.toString());
        assertThat(letter.get("value_base64").binaryValue()).isEqualTo("garbage\u001b[31m".getBytes(UTF_8));
        assertThat(letter.at("/headers/dead-letter-timestamp").asLong()).isEqualTo(SENT.toEpochMilli());
    }

    @Test
    void shouldShowNoSecretOfAWebhook() throws Exception {
        // Given dead letters with a secret, in what is a request, in a webhook, and in what is neither
        var secret = new WebhookSecret("whsec_Y2FuYXJ5LCBjYW5hcnksIGNhbmFyeSE/");
        var webhook = new Webhook("https://example.com/hook", null, secret);
        var request = new VideoRequest(VideoRequest.VERSION, id, null, "a ball", null, null, webhook, SENT);
        var delivery = new WebhookDelivery(
                1, id, "https://example.com/hook", secret, WebhookEvent.COMPLETED, SENT, 7, SENT, null, 0, null);
        byte[] neither = "{\"secret\" : \"Y2FuYXJ5\\\"LCBj\", \"x\": \"whsec_Y2FuYXJ5LCBj\\/YW5h".getBytes(UTF_8);
        deadLetter(Topic.REQUESTS, JsonCodec.write(request), "given up", 1);
        deadLetter(Topic.WEBHOOKS, JsonCodec.write(delivery), "status 500", 1);
        deadLetter(Topic.REQUESTS, neither, "not valid JSON", 1);

        // When they are shown
        assertThat(run("show", id.toString())).as(err.toString()).isZero();
        String page = out.toString();
        assertThat(run("show", id.toString(), "--json")).isZero();

        // Then all is there but the secret
        assertThat(page + out)
                .contains("a ball", "https://example.com/hook", "[redacted]")
                .doesNotContain("Y2Fu", "LCBj", "YW5h");
        assertThat(out.toString().lines()).hasSize(3).allMatch(line -> line.contains("\"value_base64\":null"));
    }

    @Test
    void shouldListALetterWithAForgedReasonInOneLine() throws Exception {
        String forged = "0@99       2026-01-01T00:00:00Z";
        deadLetter(Topic.REQUESTS, new byte[] {1}, "given up\n" + forged + "\u009b2J", 1);

        assertThat(run("list")).as(err.toString()).isZero();

        assertThat(out.toString().lines()).noneMatch(line -> line.startsWith(forged));
        assertThat(out.toString()).contains("given up\\n" + forged + "\\u009b2J");
    }

    @Test
    void shouldReplayARequestAsANewJob() throws Exception {
        var request = new VideoRequest(VideoRequest.VERSION, id, "cogvideox-tiny", "a ball", null, null, null, SENT);
        String at = deadLetter(Topic.REQUESTS, JsonCodec.write(request), "given up after 3 attempts", 3);

        assertThat(run("replay", at)).as(err.toString()).isZero();

        String line = out.toString().strip();
        assertThat(line).startsWith(at + "  " + id + " -> ");
        String newId = line.substring(line.lastIndexOf(' ') + 1);
        assertThat(newId).isNotEqualTo(id.toString());
        List<ConsumerRecord<String, byte[]>> sent = records(Topic.REQUESTS, newId);
        assertThat(sent).hasSize(1);
        VideoRequest replayed = JsonCodec.read(sent.get(0).value(), VideoRequest.class);
        assertThat(replayed.id()).hasToString(newId);
        assertThat(replayed.prompt()).isEqualTo("a ball");
        assertThat(replayed.createdAt()).isAfter(SENT);
        assertThat(text(sent.get(0), "replay-of")).isEqualTo(id.toString());
        assertThat(text(sent.get(0), "traceparent")).isEqualTo("00-abc");
        assertThat(Lineage.of(sent.get(0).headers())).isEqualTo(Lineage.FIRST);
        assertThat(sent.get(0).headers()).noneMatch(header -> header.key().startsWith("dead-letter-"));
    }

    @Test
    void shouldReplayByReasonAndSayWhatStillIsNoRequest() throws Exception {
        String reason = "reason of " + id;
        var request = new VideoRequest(VideoRequest.VERSION, id, null, "a ball", null, null, null, SENT);
        deadLetter(Topic.REQUESTS, JsonCodec.write(request), reason, 3);
        String bad = deadLetter(Topic.REQUESTS, "{\"id\":\"%s\"}".formatted(id).getBytes(UTF_8), reason, 1);

        int exit = run("replay", "--reason", reason, "--json");

        assertThat(exit).isEqualTo(1);
        JsonNode replayed = new ObjectMapper().readTree(out.toString());
        assertThat(replayed.get("from").asText()).isEqualTo(id.toString());
        assertThat(records(Topic.REQUESTS, replayed.get("to").asText())).hasSize(1);
        assertThat(err.toString()).contains(bad + " cannot be replayed", "no valid request", "prompt");
    }

    @Test
    void shouldReplayAWebhookFromItsFirstTry() throws Exception {
        var delivery = new WebhookDelivery(
                1, id, "https://example.com/hook", null, WebhookEvent.COMPLETED, SENT, 7, SENT, null, 0, null);
        String at = deadLetter(Topic.WEBHOOKS, JsonCodec.write(delivery), "status 500 at the last of 8 tries", 8);

        assertThat(run("replay", at)).as(err.toString()).isZero();

        List<ConsumerRecord<String, byte[]>> sent = records(Topic.WEBHOOKS, id.toString());
        assertThat(sent).hasSize(1);
        WebhookDelivery again = JsonCodec.read(sent.get(0).value(), WebhookDelivery.class);
        assertThat(again.tries()).isZero();
        assertThat(again.webhookId()).isEqualTo(delivery.webhookId());
        assertThat(again.due()).isAfter(SENT);
    }

    @Test
    void shouldSayWhatToDoWhenThereIsNoSuchLetter() {
        assertThat(run("show", "0@999999")).isEqualTo(1);
        assertThat(err.toString()).contains("there is no dead letter 0@999999", "dead-letters list");
    }

    @Test
    void shouldSayWhatToDoWhenNothingIsChosen() {
        assertThat(run("replay")).isEqualTo(2);
        assertThat(err.toString()).contains("--all", "--reason");
    }

    private String deadLetter(Topic from, byte[] value, String reason, int attempts) throws Exception {
        var headers = new RecordHeaders();
        headers.add("traceparent", "00-abc".getBytes(UTF_8));
        new Lineage(2, 1, 1).writeTo(headers);
        var original = new ConsumerRecord<>(
                from.topicName(),
                0,
                7,
                SENT.toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                0,
                id.toString().getBytes(UTF_8),
                value,
                headers,
                Optional.empty());
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            var sent = producer.send(DeadLetter.of(original, reason, attempts)).get();
            return sent.partition() + "@" + sent.offset();
        }
    }

    private List<ConsumerRecord<String, byte[]>> records(Topic topic, String key) {
        return TopicRecords.of(broker.bootstrapServers(), topic.topicName(), key);
    }

    private int run(String subcommand, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var all = new java.util.ArrayList<>(List.of("dead-letters", subcommand, "--kafka", broker.bootstrapServers()));
        all.addAll(List.of(arguments));
        return Text2VideoCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }

    private static String text(ConsumerRecord<?, ?> record, String header) {
        return new String(record.headers().lastHeader(header).value(), UTF_8);
    }
}
