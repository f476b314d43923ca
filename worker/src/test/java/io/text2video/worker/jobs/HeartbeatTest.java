package io.text2video.worker.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MINUTE;

import io.text2video.common.event.CloudEvents;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.topic.Topic;
import io.text2video.trace.Tracing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HeartbeatTest extends JobRunnerFixture {
    private static final String SPANS_TO = "otel.exporter.otlp.endpoint";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @Test
    void shouldRepeatTheLastProgressWhateverTakesLong() {
        heartbeat.close();
        heartbeat = new Heartbeat("w1", publisher, Duration.ofMillis(50));
        runner = runner(fleet.store, stop);
        // Given a first step that takes until its beginning was told often, and frames that take until its end was
        pipeline.atStep = step -> {
            if (step == 1) {
                awaitRepeated("0");
            }
        };
        // Of the first frame it is told too where it comes late.
        pipeline.amidFrames = () -> awaitRepeated("4", "4.1");

        Outcome outcome = runner.run(TestDelivery.of(request(null, VideoParameters.DEFAULTS)));

        // Then repetitions are the same event, and there are none after the end
        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        for (String progress : List.of("4", "4.1")) {
            List<byte[]> told = repeated(progress);
            assertThat(told).allSatisfy(event -> assertThat(event).isEqualTo(told.get(0)));
        }
        // One may have been on its way.
        var before = new AtomicInteger();
        await().atMost(ONE_MINUTE).during(Duration.ofMillis(300)).until(() -> {
            int told = fleet.records(Topic.EVENTS, id).size();
            return before.getAndSet(told) == told;
        });
    }

    @Test
    void shouldRepeatItAsAPartOfTheJobsTrace() {
        // Given a worker that records spans, for nobody, and a job of a client's trace
        System.setProperty(SPANS_TO, "http://127.0.0.1:1");
        Tracing.begin("worker");
        try {
            heartbeat.close();
            heartbeat = new Heartbeat("w1", publisher, Duration.ofMillis(50));
            runner = runner(fleet.store, stop);
            pipeline.atStep = step -> awaitRepeated("0");
            TestDelivery delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));
            delivery.record()
                    .headers()
                    .add(
                            "traceparent",
                            "00-%s-00f067aa0ba902b7-01".formatted(TRACE).getBytes(UTF_8));

            // When
            runner.run(delivery);

            // Then
            assertThat(fleet.records(Topic.EVENTS, id))
                    .extracting(record -> record.headers().lastHeader("traceparent"))
                    .hasSizeGreaterThan(3)
                    .allSatisfy(header ->
                            assertThat(new String(header.value(), UTF_8)).startsWith("00-" + TRACE + "-"));
        } finally {
            Tracing.end();
            System.clearProperty(SPANS_TO);
        }
    }

    /** @param progress the last that was told, which is one of these */
    private void awaitRepeated(String... progress) {
        await().atMost(ONE_MINUTE)
                .until(() -> Stream.of(progress).anyMatch(each -> repeated(each).size() >= 3));
    }

    private List<byte[]> repeated(String progress) {
        var eventId = Optional.of("%s.1-1.video.progress.%s".formatted(id, progress));
        return fleet.records(Topic.EVENTS, id).stream()
                .filter(record -> CloudEvents.attribute(record.headers(), "id").equals(eventId))
                .map(record -> record.value())
                .toList();
    }
}
