package io.text2video.common.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.VideoParameters;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CloudEventsTest {
    @Test
    void shouldCarryTheAttributesThatCloudEventsRequires() {
        Instant now = Instant.parse("2026-01-02T03:04:05Z");
        JobId id = JobId.next();
        JobSnapshot job = JobSnapshot.queued(new VideoRequest(1, id, null, "a ball", null, null, null, null), now)
                .started(new AttemptId(1, 3), "worker-1", "tiny", VideoParameters.DEFAULTS, null, null, now);

        var record = CloudEvents.record(VideoEvent.progress(job, 5, 25, now));

        assertThat(record.topic()).isEqualTo("video.events");
        assertThat(record.key()).isEqualTo(id.toString());
        assertThat(CloudEvents.attribute(record.headers(), "specversion")).contains("1.0");
        assertThat(CloudEvents.attribute(record.headers(), "id")).contains(id + ".1-3.video.progress.5");
        assertThat(CloudEvents.attribute(record.headers(), "source")).contains("/text2video/workers/worker-1");
        assertThat(CloudEvents.attribute(record.headers(), "type")).contains("video.progress");
        assertThat(CloudEvents.attribute(record.headers(), "subject")).contains(id.toString());
        assertThat(CloudEvents.attribute(record.headers(), "time")).contains("2026-01-02T03:04:05Z");

        var decoded = CloudEvents.record(VideoEvent.decoded(job, 25, 9, now));
        assertThat(CloudEvents.attribute(decoded.headers(), "id")).contains(id + ".1-3.video.progress.25.9");

        var shown = CloudEvents.record(VideoEvent.progress(job, 5, 25, now).withPreview(4, null));
        assertThat(CloudEvents.attribute(shown.headers(), "id")).contains(id + ".1-3.video.progress.5.p4");
    }
}
