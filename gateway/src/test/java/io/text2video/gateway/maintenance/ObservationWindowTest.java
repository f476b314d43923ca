package io.text2video.gateway.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ObservationWindowTest {
    private static final Duration STALE = Duration.ofMinutes(2);

    private final AtomicLong now = new AtomicLong();
    private final ObservationWindow window = new ObservationWindow(Duration.ofMinutes(1), now::get);

    @Test
    void shouldBeginWithTheFirstRead() {
        pass(Duration.ofHours(1));
        assertThat(window.covers(STALE)).isFalse();

        observeFor(Duration.ofSeconds(119));
        assertThat(window.covers(STALE)).isFalse();

        observeFor(Duration.ofSeconds(2));
        assertThat(window.covers(STALE)).isTrue();
    }

    @Test
    void shouldBeginAnewAfterTheBrokerWasAway() {
        observeFor(STALE.multipliedBy(2));

        window.reset();

        assertThat(window.covers(STALE)).isFalse();
        observeFor(Duration.ofSeconds(119));
        assertThat(window.covers(STALE)).isFalse();
    }

    @Test
    void shouldBeginAnewAfterTheGatewayWasStopped() {
        observeFor(STALE.multipliedBy(2));

        pass(Duration.ofMinutes(2));
        window.observe();

        assertThat(window.covers(STALE)).isFalse();
    }

    private void observeFor(Duration time) {
        window.observe();
        for (long second = 0; second < time.toSeconds(); second++) {
            pass(Duration.ofSeconds(1));
            window.observe();
        }
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
