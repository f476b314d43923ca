package io.text2video.gateway.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.Tenant;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.gateway.fleet.Jobs;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobHeaderTest {
    static Stream<JobSnapshot> states() {
        JobId id = JobId.next();
        JobSnapshot started = Jobs.started(id);
        return Stream.of(
                Jobs.queued(id),
                started,
                Jobs.completed(id, 7),
                started.cancelled(Jobs.TIME.plusNanos(123_456_789)),
                Jobs.completed(id, 7).deleted(),
                JobSnapshot.queued(
                        new VideoRequest(
                                VideoRequest.VERSION,
                                id,
                                "x/y",
                                "a red ball",
                                null,
                                null,
                                null,
                                Jobs.TIME,
                                "someone",
                                Map.of("project", "spring", "id", "17"),
                                null,
                                new Tenant("acme"),
                                null,
                                null),
                        Jobs.TIME));
    }

    @ParameterizedTest
    @MethodSource("states")
    void shouldReadWhatTheWholeSnapshotSays(JobSnapshot job) {
        assertThat(JobHeader.read(JsonCodec.write(job))).contains(JobHeader.of(job));
    }

    @Test
    void shouldReadWhatAnEarlierReleaseWrote() throws Exception {
        byte[] json =
                """
                {"worker":"w","webhook":{"id":"not this","url":"https://example.com"},"created_at":"2026-01-02T03:04:05Z","attempt":2,
                 "status":"in_progress","id":"019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f"}"""
                        .getBytes(UTF_8);

        assertThat(JobHeader.read(json)).contains(JobHeader.of(JsonCodec.read(json, JobSnapshot.class)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{\"id\":\"019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f\",\"status\":\"queued\"}",
                "{\"id\":\"7\",\"status\":\"queued\",\"created_at\":\"2026-01-02T03:04:05Z\"}",
                "{\"id\":\"019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f\",\"status\":\"asleep\",\"created_at\":\"2026-01-02T03:04:05Z\"}",
                "{\"id\":\"019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f\",\"status\":\"queued\",\"created_at\":\"yesterday\"}",
                "{\"id\":\"019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f\",\"status\":\"queued\",\"created_at\":\"2026-01-02T03:04:05Z\",\"attempt\":-1}",
                "{\"id\":\"019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f\",\"status\":\"queued\",\"created_at\":\"2026-01-02T03:04:05Z\",\"tenant\":\"A C\"}",
                "{\"id\":\"019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f\",\"status\":\"queued\",\"created_at\":\"2026-01-02T03:04:05Z\"",
                "{\"id\":\"019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f\",\"status\":\"queued\",\"created_at\":\"2026-01-02T03:04:05Z\"} {}"
            })
    void shouldLeaveWhatIsOutOfTheOrdinaryToAFullReading(String json) {
        assertThat(JobHeader.read(json.getBytes(UTF_8))).isEmpty();
    }
}
