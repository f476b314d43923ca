package io.text2video.gateway.deliveries;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.webhook.WebhookAttempt;
import io.text2video.gateway.fleet.Jobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FailingHostsTest {
    private static final String HOST = "hooks.example";

    private final FailingHosts hosts = new FailingHosts(Duration.ofHours(48), Duration.ofHours(1));

    @Test
    void shouldPauseAHostThatTakesNothingForDays() {
        heard(null, 0, 10, 40);
        heard(500, 47);
        assertThat(hosts.paused(HOST)).isEmpty();

        heard(404, 48);

        assertThat(hosts.paused())
                .containsExactly(new FailingHosts.Failing(
                        HOST, Jobs.TIME, Jobs.TIME.plus(Duration.ofHours(48)), Jobs.TIME.plus(Duration.ofHours(49))));
        assertThat(hosts.paused("other.example")).isEmpty();
    }

    @Test
    void shouldReleaseAHostThatTakesACallOrWantsNoMoreOfAJob() {
        for (int answer : List.of(204, 410)) {
            String host = answer + ".example";
            hosts.heard(host, call(503, 0));
            hosts.heard(host, call(503, 50));
            assertThat(hosts.paused(host)).isPresent();

            hosts.heard(host, call(answer, 51));

            assertThat(hosts.paused(host)).isEmpty();
        }
    }

    @Test
    void shouldNotPauseAHostThatWasCalledOnceLongAgo() {
        heard(500, 0);
        heard(204, 1);
        heard(500, 100);

        assertThat(hosts.paused(HOST)).isEmpty();
    }

    @Test
    void shouldComeToTheSameInWhateverOrderItHears() {
        List<WebhookAttempt> calls =
                new ArrayList<>(List.of(call(500, 0), call(200, 2), call(500, 3), call(null, 30), call(500, 60)));
        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(calls, new Random(seed));
            var others = new FailingHosts(Duration.ofHours(48), Duration.ofHours(1));

            calls.forEach(call -> others.heard(HOST, call));

            assertThat(others.paused(HOST)).as(calls.toString()).hasValueSatisfying(failing -> assertThat(
                            failing.last())
                    .isEqualTo(Jobs.TIME.plus(Duration.ofHours(60))));
        }
    }

    @Test
    void shouldPauseNoneWhereItIsTold() {
        var never = new FailingHosts(Duration.ZERO, Duration.ofHours(1));

        never.heard(HOST, call(500, 0));
        never.heard(HOST, call(500, 10_000));

        assertThat(never.paused()).isEmpty();
    }

    private void heard(Integer status, int... hours) {
        for (int hour : hours) {
            hosts.heard(HOST, call(status, hour));
        }
    }

    private static WebhookAttempt call(Integer status, int hour) {
        return new WebhookAttempt(
                Jobs.TIME.plus(Duration.ofHours(hour)), status, status == null ? "no connection" : null, 7);
    }
}
