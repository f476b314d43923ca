package io.text2video.common.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoFile;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.job.Webhook;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.job.WebhookSecret;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.WebhookDelivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobRecordsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final WebhookSecret SECRET = new WebhookSecret("whsec_dGhlIHNlY3JldCBvZiBhIHNpbmdsZSBqb2IuLi4=");
    private static final Webhook WEBHOOK = Webhook.of("https://example.com/done");
    private static final JobSnapshot END = queued(WEBHOOK).cancelled(NOW);

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

    @Test
    void shouldCallForTheEndUnlessOtherwiseAsked() {
        JobSnapshot queued = queued(WEBHOOK);

        assertThat(JobRecords.webhook(queued)).isEmpty();
        assertThat(JobRecords.webhook(started(queued))).isEmpty();
        assertThat(JobRecords.webhook(queued.cancelled(NOW))).isPresent();
        assertThat(JobRecords.deletion(END, NOW, true))
                .extracting(ProducerRecord::topic)
                .containsExactly(Topic.JOBS.topicName(), Topic.WEBHOOK_LOG.topicName());
    }

    @Test
    void shouldNotCallForTheDeletionOfAJobThatTheReceiverWantsNoMoreOf() {
        JobSnapshot end = queued(new Webhook("https://example.com/", List.of(WebhookEvent.values()), null))
                .cancelled(NOW);

        assertThat(JobRecords.deletion(end, NOW, true))
                .extracting(ProducerRecord::topic)
                .contains(Topic.WEBHOOKS.topicName());
        assertThat(JobRecords.deletion(end, NOW, false))
                .extracting(ProducerRecord::topic)
                .doesNotContain(Topic.WEBHOOKS.topicName());
    }

    @Test
    void shouldLeaveNothingInTheLogOfADeletedJob() {
        JobSnapshot end = queued(new Webhook("https://example.com/", List.of(WebhookEvent.values()), null))
                .cancelled(NOW);

        assertThat(JobRecords.deletion(end, NOW, true))
                .filteredOn(record -> record.topic().equals(Topic.WEBHOOK_LOG.topicName()))
                .allSatisfy(record -> assertThat(record.value()).isNull())
                .extracting(record -> new String(record.key(), UTF_8))
                .containsExactly(
                        end.id() + ".video.queued", end.id() + ".video.in_progress", end.id() + ".video.cancelled");
    }

    @ParameterizedTest
    @EnumSource(WebhookEvent.class)
    void shouldCallForNothingButWhatIsAskedFor(WebhookEvent wanted) throws Exception {
        // Given
        JobSnapshot queued = queued(new Webhook("https://example.com/", List.of(wanted), SECRET));
        JobSnapshot cancelled = started(queued).cancelled(NOW);

        // When a job comes to each of its states
        List<ProducerRecord<byte[], byte[]>> told = new ArrayList<>();
        JobRecords.webhook(queued).ifPresent(told::add);
        JobRecords.webhook(started(queued)).ifPresent(told::add);
        told.addAll(JobRecords.end(completed(started(queued))));
        told.addAll(JobRecords.end(failed(started(queued))));
        told.addAll(JobRecords.end(cancelled));
        told.addAll(JobRecords.deletion(cancelled, NOW, true));

        // Then there is one call
        List<WebhookDelivery> calls = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : told) {
            if (record.topic().equals(Topic.WEBHOOKS.topicName())) {
                calls.add(JsonCodec.read(record.value(), WebhookDelivery.class));
            }
        }
        assertThat(calls).extracting(WebhookDelivery::type).containsExactly(wanted);
        assertThat(calls).extracting(WebhookDelivery::secret).containsExactly(SECRET);
    }

    @Test
    void shouldTellNobodyTheSecretOfAWebhook() {
        JobSnapshot queued = queued(new Webhook("https://example.com/", null, SECRET));

        for (ProducerRecord<byte[], byte[]> record : JobRecords.end(queued.cancelled(NOW))) {
            if (record.topic().equals(Topic.EVENTS.topicName())) {
                assertThat(new String(record.value(), UTF_8)).doesNotContain("whsec_");
            }
        }
        assertThat(queued.toString()).contains("redacted").doesNotContain(SECRET.value());
        assertThat(new String(
                        JobRecords.deletion(queued.cancelled(NOW), NOW, true)
                                .get(0)
                                .value(),
                        UTF_8))
                .doesNotContain("whsec_", "a ball");
    }

    private static JobSnapshot queued(Webhook webhook) {
        return JobSnapshot.queued(new VideoRequest(1, JobId.next(), null, "a ball", null, null, webhook, null), NOW);
    }

    private static JobSnapshot started(JobSnapshot queued) {
        return queued.started(new AttemptId(1, 1), "w", "m", VideoParameters.DEFAULTS, null, null, NOW);
    }

    private static JobSnapshot completed(JobSnapshot started) {
        return started.completed(new VideoFile("v", "p", 1, 16, 16, 9, 8, 1.125), null, null, NOW);
    }

    private static JobSnapshot failed(JobSnapshot started) {
        return started.failed(new AttemptId(1, 1), "w", new JobError(ErrorCode.INTERNAL_ERROR, "broken", null), NOW);
    }
}
