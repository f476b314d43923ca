package io.text2video.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.text2video.common.job.JobId;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.webhook.DeliveryStatus;
import io.text2video.common.webhook.WebhookAttempt;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.common.webhook.WebhookLog;
import io.text2video.gateway.deliveries.DeliveryLogs;
import io.text2video.gateway.deliveries.FailingHosts;
import io.text2video.gateway.fleet.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PausedHostsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant NOW = Jobs.TIME;

    private final FailingHosts hosts = new FailingHosts(Duration.ofHours(48), HOUR);
    private final DeliveryLogs logs = new DeliveryLogs(hosts);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PausedHosts paused = new PausedHosts(hosts, meters);

    private final WebhookDelivery delivery =
            WebhookDelivery.first(Jobs.completed(Jobs.queued(JobId.next(), Jobs.TIME, "https://hooks.example/"), 7));

    @Test
    void shouldHaveCallsOfAPausedHostWaitButForOneAnHour() {
        heard(500, NOW.minus(Duration.ofDays(3)), NOW);

        assertThat(paused.again(delivery, NOW.plusSeconds(1)))
                .hasValueSatisfying(again -> assertThat(again).isBetween(NOW.plusSeconds(300), NOW.plusSeconds(602)));
        assertThat(paused.again(delivery, NOW.plus(HOUR))).isEmpty();
        assertThat(paused.again(delivery, NOW.plus(HOUR)))
                .as("while the first is under way")
                .isPresent();
        assertThat(meters.get("text2video.webhook.hosts.paused").gauge().value())
                .isEqualTo(1);

        // When that one was in vain
        heard(500, NOW.plus(HOUR));

        assertThat(paused.again(delivery, NOW.plus(HOUR).plusSeconds(1))).isPresent();
        assertThat(paused.again(delivery, NOW.plus(HOUR).plus(HOUR))).isEmpty();
    }

    @Test
    void shouldCallAgainOnceTheHostTakesACall() {
        heard(500, NOW.minus(Duration.ofDays(3)), NOW);
        heard(200, NOW.plus(HOUR));

        assertThat(paused.again(delivery, NOW.plus(HOUR))).isEmpty();
        assertThat(paused.again(delivery, NOW.plus(HOUR))).isEmpty();
        assertThat(meters.get("text2video.webhook.hosts.paused").gauge().value())
                .isZero();
    }

    private void heard(int status, Instant... times) {
        for (Instant time : times) {
            logs.put(new WebhookLog(
                    WebhookLog.VERSION,
                    JobId.next(),
                    WebhookEvent.COMPLETED,
                    "hooks.example",
                    time,
                    DeliveryStatus.PENDING,
                    time,
                    0,
                    List.of(new WebhookAttempt(time, status, null, 1))));
        }
    }
}
