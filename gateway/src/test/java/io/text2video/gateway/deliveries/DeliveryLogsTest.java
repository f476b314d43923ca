package io.text2video.gateway.deliveries;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.webhook.DeliveryStatus;
import io.text2video.common.webhook.WebhookAttempt;
import io.text2video.common.webhook.WebhookLog;
import io.text2video.gateway.fleet.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryLogsTest {
    private static final String HOST = "hooks.example";
    private static final WebhookAttempt TAKEN = new WebhookAttempt(Jobs.TIME.plusSeconds(1), 204, null, 12);
    private static final WebhookAttempt IN_VAIN =
            new WebhookAttempt(Jobs.TIME.plusMillis(1234), null, "no connection to its host", 3);

    private final DeliveryLogs logs = new DeliveryLogs(new FailingHosts(Duration.ofHours(48), Duration.ofHours(1)));
    private final JobId id = JobId.next();
    private final JobSnapshot queued = Jobs.queued(id, Jobs.TIME, "https://" + HOST + "/");
    private final JobSnapshot completed = Jobs.completed(queued, 7);

    @Test
    void shouldKeepWhatIsToldOfEachDelivery() {
        WebhookLog first = log(WebhookEvent.QUEUED, DeliveryStatus.PENDING, IN_VAIN);
        WebhookLog second = log(WebhookEvent.QUEUED, DeliveryStatus.DELIVERED, IN_VAIN, TAKEN);
        WebhookLog end = log(WebhookEvent.COMPLETED, DeliveryStatus.FAILED, IN_VAIN);

        logs.put(first);
        logs.put(end);
        logs.put(second);

        assertThat(logs.of(id))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("host")
                .containsExactly(second, end);
        logs.remove(id, WebhookEvent.QUEUED);
        logs.remove(id, WebhookEvent.COMPLETED);
        assertThat(logs.of(id)).isEmpty();
    }

    @Test
    void shouldHoldADeliveryInFewBytes() {
        assertThat(PackedLogs.pack(List.of(log(WebhookEvent.COMPLETED, DeliveryStatus.DELIVERED, TAKEN))))
                .hasSizeLessThan(48);
    }

    @Test
    void shouldTellHowAllDeliveriesStand() {
        assertThat(logs.status(Jobs.queued(id))).isNull();
        assertThat(logs.status(queued)).isEqualTo(DeliveryStatus.PENDING);
        logs.put(log(WebhookEvent.QUEUED, DeliveryStatus.DELIVERED, TAKEN));
        assertThat(logs.status(queued)).isEqualTo(DeliveryStatus.DELIVERED);

        assertThat(logs.status(completed)).isEqualTo(DeliveryStatus.PENDING);
        assertThat(logs.shown(completed))
                .extracting(WebhookLog::type)
                .containsExactly(WebhookEvent.QUEUED, WebhookEvent.COMPLETED);
        logs.put(log(WebhookEvent.COMPLETED, DeliveryStatus.FAILED, IN_VAIN));
        assertThat(logs.status(completed)).isEqualTo(DeliveryStatus.FAILED);
    }

    @Test
    void shouldTellOfWhatWaitsForAPausedHost() {
        Instant last = Jobs.TIME.plus(Duration.ofDays(3));

        logs.put(log(WebhookEvent.COMPLETED, DeliveryStatus.PENDING, IN_VAIN, new WebhookAttempt(last, 500, null, 3)));

        assertThat(logs.status(completed)).isEqualTo(DeliveryStatus.PAUSED);
        assertThat(logs.shown(completed).get(0).due()).isEqualTo(last.plus(Duration.ofHours(1)));
    }

    @Test
    void shouldKnowThatAReceiverWantsNoMore() {
        logs.put(log(WebhookEvent.QUEUED, DeliveryStatus.FAILED, IN_VAIN));
        assertThat(logs.isGone(id)).isFalse();

        logs.put(log(WebhookEvent.QUEUED, DeliveryStatus.FAILED, new WebhookAttempt(Jobs.TIME, 410, null, 3)));

        assertThat(logs.isGone(id)).isTrue();
        assertThat(logs.isGone(JobId.next())).isFalse();
        logs.put(log(
                WebhookEvent.QUEUED,
                DeliveryStatus.DELIVERED,
                new WebhookAttempt(Jobs.TIME, 410, null, 3),
                new WebhookAttempt(Jobs.TIME.plusSeconds(9), 200, null, 3)));
        assertThat(logs.isGone(id)).as("called by hand since").isFalse();
    }

    private WebhookLog log(WebhookEvent type, DeliveryStatus status, WebhookAttempt... attempts) {
        Instant due = status == DeliveryStatus.PENDING ? Jobs.TIME.plusSeconds(9) : null;
        return new WebhookLog(WebhookLog.VERSION, id, type, HOST, Jobs.TIME, status, due, 1, List.of(attempts));
    }
}
