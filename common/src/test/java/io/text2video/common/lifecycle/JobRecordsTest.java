package io.text2video.common.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.job.Webhook;
import io.text2video.common.topic.Topic;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class JobRecordsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Webhook WEBHOOK = new Webhook("https://example.com/done");
    private static final JobSnapshot END = JobSnapshot.queued(
                    new VideoRequest(1, JobId.next(), null, "a ball", null, null, WEBHOOK, null), NOW)
            .cancelled(NOW);

    @Test
    void shouldTellTheStateLast() {
        // Whoever sees a job as ended may delete it, and with it what the event and the webhook would tell.
        assertThat(JobRecords.end(END))
                .extracting(ProducerRecord::topic)
                .containsExactly(Topic.EVENTS.topicName(), Topic.WEBHOOKS.topicName(), Topic.JOBS.topicName());
    }

    @Test
    void shouldTellNoMoreThanTheStateOfADeletedJob() {
        assertThat(JobRecords.end(END.deleted()))
                .extracting(ProducerRecord::topic)
                .containsExactly(Topic.JOBS.topicName());
    }
}
