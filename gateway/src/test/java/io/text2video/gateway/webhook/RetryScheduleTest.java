package io.text2video.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.text2video.common.job.JobId;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.gateway.fleet.Jobs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
    private final RetrySchedule schedule = new RetrySchedule(List.of(Duration.ofSeconds(10), Duration.ofMinutes(10)));
    private final WebhookDelivery first =
            WebhookDelivery.first(Jobs.completed(Jobs.queued(JobId.next(), Jobs.TIME, "http://127.0.0.1/"), 7));

    @Test
    void shouldWaitEachDelayInTurnAndALittle() {
        WebhookDelivery second = schedule.next(first, Jobs.TIME).orElseThrow();
        WebhookDelivery third = schedule.next(second, Jobs.TIME).orElseThrow();

        assertThat(second.due()).isBetween(Jobs.TIME.plusSeconds(10), Jobs.TIME.plusSeconds(11));
        assertThat(third.due()).isBetween(Jobs.TIME.plusSeconds(600), Jobs.TIME.plusSeconds(660));
        assertThat(schedule.next(third, Jobs.TIME)).isEmpty();
        assertThat(third.webhookId()).isEqualTo(first.webhookId());
    }

    @Test
    void shouldTryForMoreThanADayUnlessToldOtherwise() {
        WebhookConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(WebhookConfig.class)
                .build()
                .getConfigMapping(WebhookConfig.class);

        assertThat(new RetrySchedule(config.retryDelays()).delays())
                .containsExactly(
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(30),
                        Duration.ofHours(2),
                        Duration.ofHours(5),
                        Duration.ofHours(10),
                        Duration.ofHours(10));
    }

    @Test
    void shouldRefuseADelayThatIsLongerThanARecordWaits() {
        assertThatThrownBy(() -> new RetrySchedule(List.of(Duration.ofSeconds(5), Duration.ofDays(1))))
                .hasMessage("webhook.retry-delays must be from 0 to PT20H each, but one is PT24H");
    }
}
