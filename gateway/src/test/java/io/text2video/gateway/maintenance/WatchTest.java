package io.text2video.gateway.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final Duration STALE = Duration.ofMinutes(2);

    private final AtomicLong now = new AtomicLong();
    private final Watch watch = new Watch(Duration.ofMinutes(1), now::get);

    @Test
    void shouldBeginWithTheFirstLook() {
        pass(Duration.ofHours(1));
        assertThat(watch.hasLasted(STALE)).isFalse();

        lookFor(Duration.ofSeconds(119));
        assertThat(watch.hasLasted(STALE)).isFalse();

        lookFor(Duration.ofSeconds(2));
        assertThat(watch.hasLasted(STALE)).isTrue();
    }

    @Test
    void shouldBeginAnewAfterTheBrokerWasAway() {
        lookFor(STALE.multipliedBy(2));

        watch.lose();

        assertThat(watch.hasLasted(STALE)).isFalse();
        lookFor(Duration.ofSeconds(119));
        assertThat(watch.hasLasted(STALE)).isFalse();
    }

    @Test
    void shouldBeginAnewAfterTheGatewayWasStopped() {
        lookFor(STALE.multipliedBy(2));

        pass(Duration.ofMinutes(2));
        watch.look();

        assertThat(watch.hasLasted(STALE)).isFalse();
    }

    private void lookFor(Duration time) {
        watch.look();
        for (long second = 0; second < time.toSeconds(); second++) {
            pass(Duration.ofSeconds(1));
            watch.look();
        }
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
