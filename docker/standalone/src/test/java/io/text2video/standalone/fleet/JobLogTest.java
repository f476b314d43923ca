package io.text2video.standalone.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MINUTE;

import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.StageTimings;
import io.text2video.common.job.VideoFile;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.model.VideoParameters;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.kafka.ReliablePublisher;
import io.text2video.kafka.TopicInitializer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobLogTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final JobSnapshot STARTED = JobSnapshot.queued(
                    new VideoRequest(1, JobId.next(), null, "a ball", null, null, null, NOW), NOW)
            .started(new AttemptId(1, 1), "worker-1", "tiny", VideoParameters.DEFAULTS, null, null, NOW);

    @Test
    @Tag("slow")
    void shouldTellOnceOfEachJobThatEndsFromItsStartOn(@TempDir Path data) throws IOException {
        List<String> lines = new CopyOnWriteArrayList<>();
        JobSnapshot second = failed();
        JobSnapshot third = failed();
        try (var broker = new EmbeddedKafka(data, 0)) {
            // Given a job that has ended before
            Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
            TopicInitializer.initialize(kafka, 2, Duration.ofSeconds(30));
            try (var publisher = new ReliablePublisher(kafka)) {
                publisher.publish(JobRecords.end(failed()));
                try (JobLog log = JobLog.open(kafka, lines::add)) {
                    assertThat(log.isAlive()).isTrue();

                    // When others end, and the end of one is told twice
                    publisher.publish(JobRecords.end(second));
                    publisher.publish(JobRecords.end(second));
                    publisher.publish(JobRecords.end(third));
                    // Each of which may come first: they are in different partitions.
                    await().atMost(ONE_MINUTE)
                            .until(() -> Stream.of(second, third).allMatch(job -> lines.stream()
                                    .anyMatch(line -> line.contains(job.id().toString()))));
                }
            }
        }

        // Then
        assertThat(lines).hasSize(2).anyMatch(line -> line.contains(second.id().toString()));
    }

    @Test
    void shouldNameTheTopicThatTheBrokerDoesNotShow() {
        Map<String, Object> nobody =
                Map.of("bootstrap.servers", "127.0.0.1:1", "default.api.timeout.ms", 500, "request.timeout.ms", 400);

        assertThatIOException()
                .isThrownBy(() -> JobLog.open(nobody, line -> {}))
                .withMessageContaining("the broker does not show video.events");
    }

    @Test
    void shouldTellOfAVideoInOneLine() {
        JobSnapshot completed = STARTED.completed(
                new VideoFile("a.mp4", "a.png", 1, 64, 48, 17, 8, 2),
                new StageTimings(9, 0.1, 1.5, 0.3, 9, 9),
                null,
                NOW);

        assertThat(JobLog.line(VideoEvent.of(completed))).hasValueSatisfying(line -> assertThat(line)
                .matches("\\d\\d:\\d\\d:05 {2}%s {2}completed: 64x48, 17 frames, drawn in 1\\.9 s"
                        .formatted(STARTED.id())));
    }

    @Test
    void shouldTellWhyAJobFailedInOneLine() {
        JobSnapshot failed = STARTED.failed(
                STARTED.attemptId(), "worker-1", new JobError(ErrorCode.INTERNAL_ERROR, "no\nroom", null), NOW);

        assertThat(JobLog.line(VideoEvent.of(failed)))
                .hasValueSatisfying(line -> assertThat(line).endsWith(STARTED.id() + "  failed: no\\nroom"));
    }

    @Test
    void shouldSayNothingOfAJobThatGoesOn() {
        assertThat(JobLog.line(VideoEvent.of(STARTED))).isEmpty();
        assertThat(JobLog.line(VideoEvent.progress(STARTED, 1, 4, NOW))).isEmpty();
    }

    private static JobSnapshot failed() {
        return JobSnapshot.queued(new VideoRequest(1, JobId.next(), null, "a ball", null, null, null, NOW), NOW)
                .failed(new AttemptId(1, 1), "worker-1", new JobError(ErrorCode.INTERNAL_ERROR, "no room", null), NOW);
    }
}
