package io.text2video.standalone;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Durations.ONE_MINUTE;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.trace.v1.Span.Event;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.text2video.common.job.JobId;
import io.text2video.embedded.TopicRecords;
import io.text2video.standalone.SpanReceiver.Received;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The spans that a collector gets of one job. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(StandaloneFleetResource.class)
class TracesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CLIENT = "b7ad6b7169203331";

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    @BeforeEach
    void waitForLong() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
    }

    @Test
    void shouldFollowAJobFromItsClientToItsWebhook() throws Exception {
        // Given a job that a traced client asks for, with a receiver that takes its webhook
        BlockingQueue<String> called = new LinkedBlockingQueue<>();
        HttpServer receiver = receiver(called);
        String id = given().contentType(ContentType.JSON)
                .header("traceparent", "00-%s-%s-01".formatted(TRACE, CLIENT))
                .body(Map.of(
                        "prompt",
                        "a red ball",
                        "num_inference_steps",
                        4,
                        "webhook",
                        Map.of(
                                "url",
                                "http://127.0.0.1:" + receiver.getAddress().getPort())))
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .extract()
                .path("id");

        // When all of it is done
        String traceparent = called.take();
        receiver.stop(0);
        Awaitility.await().atMost(ONE_MINUTE).untilAsserted(() -> assertThat(
                        StandaloneFleetResource.spans().of(TRACE))
                .extracting(Received::name)
                .contains(
                        "POST /v1/videos",
                        "send video.requests",
                        "process video.requests",
                        "send video.events",
                        "send video.webhooks",
                        "process video.webhooks",
                        "upload",
                        "POST"));
        List<Received> spans = StandaloneFleetResource.spans().of(TRACE);

        // Then each span is a part of what it follows from
        Received request = partOf(CLIENT, "POST /v1/videos", SpanKind.SPAN_KIND_SERVER, spans);
        assertThat(request.attributes())
                .containsEntry("http.response.status_code", "202")
                .containsEntry("http.route", "/v1/videos");
        Received sent = partOf(request.id(), "send video.requests", SpanKind.SPAN_KIND_PRODUCER, spans);
        Received attempt = partOf(sent.id(), "process video.requests", SpanKind.SPAN_KIND_CONSUMER, spans);
        assertThat(attempt.attributes())
                .containsEntry("text2video.job.id", id)
                .containsEntry("text2video.job.attempt", "1-1")
                .containsEntry("text2video.job.outcome", "completed")
                .containsEntry("messaging.destination.name", "video.requests");
        assertThat(attempt.span().getEventsList())
                .extracting(Event::getName)
                .containsExactly("text2video.step", "text2video.step", "text2video.step", "text2video.step");
        for (String stage : List.of("load model", "encode text", "denoise", "decode", "encode video", "upload")) {
            partOf(attempt.id(), stage, SpanKind.SPAN_KIND_INTERNAL, spans);
        }
        Received upload = partOf(attempt.id(), "upload", SpanKind.SPAN_KIND_INTERNAL, spans);
        assertThat(spans)
                .filteredOn(span -> span.parent().equals(upload.id()))
                .extracting(Received::name)
                .containsExactly("S3.PutObject", "S3.PutObject");
        partOf(attempt.id(), "send video.events", SpanKind.SPAN_KIND_PRODUCER, spans);
        Received due = partOf(attempt.id(), "send video.webhooks", SpanKind.SPAN_KIND_PRODUCER, spans);
        Received delivery = partOf(due.id(), "process video.webhooks", SpanKind.SPAN_KIND_CONSUMER, spans);
        Received call = partOf(delivery.id(), "POST", SpanKind.SPAN_KIND_CLIENT, spans);
        assertThat(call.attributes()).containsEntry("http.response.status_code", "204");
        assertThat(traceparent).isEqualTo("00-%s-%s-01".formatted(TRACE, call.id()));

        // And who reads the events can go on with it
        assertThat(TopicRecords.of(kafka, "video.events", id)).allSatisfy(record -> assertThat(
                        new String(record.headers().lastHeader("traceparent").value(), UTF_8))
                .startsWith("00-" + TRACE + "-"));
    }

    @Test
    void shouldTakeUpTheTraceOfAnotherProducer() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        String id = produce("00-%s-00f067aa0ba902b7-01".formatted(trace));

        assertThat(attempt(id).trace()).isEqualTo(trace);
        assertThat(attempt(id).parent()).isEqualTo("00f067aa0ba902b7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "none",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n2026 ERROR gone"
            })
    void shouldBeginATraceWhereAProducerNamesNone(String traceparent) throws Exception {
        String id = produce(traceparent);

        assertThat(attempt(id).parent()).isEmpty();
    }

    private static Received partOf(String parent, String name, SpanKind kind, List<Received> spans) {
        assertThat(spans)
                .filteredOn(span -> span.parent().equals(parent) && span.name().equals(name))
                .as("%s of %s", name, parent)
                .singleElement()
                .satisfies(span -> assertThat(span.span().getKind()).isEqualTo(kind));
        return spans.stream()
                .filter(span -> span.parent().equals(parent) && span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Waits for the job's end. */
    private static Received attempt(String id) {
        return Awaitility.await()
                .until(() -> StandaloneFleetResource.spans().ofJob(id), spans -> !spans.isEmpty())
                .get(0);
    }

    private String produce(String traceparent) throws Exception {
        String id = JobId.next().toString();
        String request =
                "{\"id\": \"%s\", \"prompt\": \"a ball\", \"parameters\": {\"num_inference_steps\": 1}}".formatted(id);
        var record = new ProducerRecord<>("video.requests", id, request);
        record.headers().add("traceparent", traceparent.getBytes(UTF_8));
        Map<String, Object> config = Map.of("bootstrap.servers", kafka, "acks", "all");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(record).get();
        }
        return id;
    }

    private static HttpServer receiver(BlockingQueue<String> called) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
            called.add(exchange.getRequestHeaders().getFirst("traceparent"));
        });
        server.start();
        return server;
    }
}
