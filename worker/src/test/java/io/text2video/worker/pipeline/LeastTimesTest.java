package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On a clock that calls move, and a machine that is sometimes held up. */
class LeastTimesTest {
    private static final long MILLISECOND = 1_000_000;

    private long now;
    private final LeastTimes times = new LeastTimes(() -> now);

    /** Busy for so long, every call takes ten times as long. */
    private long busyFrom = Long.MAX_VALUE;

    private long busyUntil = Long.MAX_VALUE;
    private int calls;

    static Stream<Integer> moments() {
        return IntStream.range(0, 8).map(i -> 40 * i).boxed();
    }

    @ParameterizedTest
    @MethodSource("moments")
    void shouldTellWhatCallsTakeWhereTheMachineIsBusyForAWhile(int from) {
        // Given: as long as one call's turns were, one after the other
        busyFrom = from * MILLISECOND;
        busyUntil = busyFrom + 120 * MILLISECOND;

        // When
        double[] seconds = times.of(List.of(taking(1), taking(10), taking(40)));

        // Then
        assertThat(seconds).containsExactly(new double[] {0.001, 0.010, 0.040}, within(1e-9));
    }

    @Test
    void shouldCallWhatIsSlowTwice() {
        times.of(List.of(taking(5000)));

        assertThat(calls).isEqualTo(2);
    }

    @Test
    void shouldNeverSayThatACallTakesNothing() {
        double[] seconds = times.of(List.of(() -> now += calls++ % 2 == 0 ? MILLISECOND : 0));

        assertThat(seconds[0]).isPositive();
    }

    private Runnable taking(long milliseconds) {
        return () -> {
            calls++;
            boolean busy = now >= busyFrom && now < busyUntil;
            now += milliseconds * MILLISECOND * (busy ? 10 : 1);
        };
    }
}
