package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StepPaceTest {
    private final List<Duration> times = new ArrayList<>();
    private final AtomicLong now = new AtomicLong();
    private final StepPace pace = new StepPace(times::add, now::get);

    @Test
    void shouldTimeEachStepFromTheEndOfTheOneBefore() {
        step(1, 500);
        step(2, 20);
        step(3, 30);

        assertThat(times).containsExactly(Duration.ofNanos(20), Duration.ofNanos(30));
    }

    @Test
    void shouldTimeNoneOfThoseThatAnEarlierAttemptHasTaken() {
        step(5, 0);
        step(6, 40);
        step(7, 10);

        assertThat(times).containsExactly(Duration.ofNanos(40), Duration.ofNanos(10));
    }

    private void step(int step, long nanoseconds) {
        now.addAndGet(nanoseconds);
        pace.onStep(step, 10);
    }
}
