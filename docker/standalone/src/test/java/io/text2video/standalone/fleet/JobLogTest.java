package io.text2video.standalone.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.StageTimings;
import io.text2video.common.job.VideoFile;
import io.text2video.common.job.VideoParameters;
import io.text2video.common.job.VideoRequest;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JobLogTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final JobSnapshot STARTED = JobSnapshot.queued(
                    new VideoRequest(1, JobId.next(), null, "a ball", null, null, null, NOW), NOW)
            .started(new AttemptId(1, 1), "worker-1", "tiny", VideoParameters.DEFAULTS, null, null, NOW);

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
}
