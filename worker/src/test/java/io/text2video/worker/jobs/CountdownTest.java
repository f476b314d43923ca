package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CountdownTest {
    private static final double UNKNOWN = Double.POSITIVE_INFINITY;

    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger told = new AtomicInteger();

    @Test
    void shouldTellInTheStepsWhenItKnowsHowLongDecodingTakes() {
        // Given steps of 10 and a decoding of 15
        Countdown countdown = countdown(20, 15, 30);

        // When 8 of 10 are done, then 20 and 15 are left; after the ninth, 10 and 15
        steps(countdown, 1, 8);
        assertThat(told).hasValue(0);
        steps(countdown, 9, 9);

        // Then it tells, and only once
        assertThat(told).hasValue(1);
        steps(countdown, 10, 10);
        countdown.frames(20);
        assertThat(told).hasValue(1);
    }

    @Test
    void shouldWaitForFramesWhereItDoesNotKnow() {
        Countdown countdown = countdown(17, UNKNOWN, 30);

        steps(countdown, 1, 10);
        clock.addAndGet(45); // 9 frames in 45: 8 more take 40
        countdown.frames(9);
        assertThat(told).hasValue(0);
        clock.addAndGet(5);
        countdown.frames(1); // 10 in 50: 7 more take 35
        assertThat(told).hasValue(0);
        countdown.frames(1);

        assertThat(told).hasValue(1);
    }

    @Test
    void shouldNotTellOfAFirstStepThatNobodySawBegin() {
        Countdown countdown = countdown(17, 0, 30);

        steps(countdown, 1, 1);

        assertThat(told).hasValue(0);
    }

    @Test
    void shouldTellAfterAnOnlyStepWhereDecodingIsShort() {
        countdown(17, 10, 30).step(1, 1);

        assertThat(told).hasValue(1);
    }

    private Countdown countdown(int frames, double decoding, long lead) {
        return new Countdown(frames, decoding, lead, told::incrementAndGet, clock::get);
    }

    /** Each of 10 time units, of 10 steps. */
    private void steps(Countdown countdown, int first, int last) {
        for (int step = first; step <= last; step++) {
            clock.addAndGet(10);
            countdown.step(step, 10);
        }
    }
}
