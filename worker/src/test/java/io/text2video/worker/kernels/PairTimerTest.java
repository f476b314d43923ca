package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.text2video.worker.kernels.CpuPaths.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two ways with made-up times, by a clock that only they move. */
class PairTimerTest {
    private static final Duration BUDGET = Duration.ofMillis(200);
    private static final long MILLI = 1_000_000;

    private final List<String> runs = new ArrayList<>();
    private long now;
    private long onProcessor;

    @ParameterizedTest
    @CsvSource({"10, 8, true", "10, 9.6, true", "10, 9.8, false", "10, 10, false", "8, 10, false"})
    void shouldTakeTheOtherWayWhereItIsFasterByMoreThanMachinesDiffer(double first, double other, boolean taken) {
        // When
        PairedTimes times = compare(always(first), always(other), 1);

        // Then
        assertThat(times.otherIsFaster()).isEqualTo(taken);
        assertThat(times.isSteady()).isTrue();
        assertThat(times.ratio()).isCloseTo(other / first, within(1e-4));
        assertThat(ChosenPaths.by(Map.of(Part.ATTENTION, times)).paths().attentionByHeads())
                .isEqualTo(!taken);
    }

    @Test
    void shouldKeepTheDefaultWithinTheNoise() {
        // Given an other way that takes 6 or 11 where the first takes 10
        double[] noisy = {6, 6, 11, 11};

        // When
        PairedTimes times = compare(always(10), noisy, 1);

        // Then
        assertThat(times.ratio()).isLessThan(0.97);
        assertThat(times.isSteady()).isFalse();
        assertThat(times.otherIsFaster()).isFalse();
    }

    @Test
    void shouldBeSureWherePairsDifferByLessThanTheWays() {
        // When
        PairedTimes faster = compare(always(10), new double[] {3, 3, 6, 6}, 1);
        PairedTimes slower = compare(always(10), new double[] {20, 20, 25, 25}, 1);

        // Then
        assertThat(faster.isSteady()).isTrue();
        assertThat(faster.otherIsFaster()).isTrue();
        assertThat(slower.otherIsFaster()).isFalse();
    }

    @Test
    void shouldNotTrustWhatWasMeasuredWithoutAProcessor() {
        // When
        PairedTimes half = compare(always(10), always(8), 0.6);
        PairedTimes hardly = compare(always(10), always(8), 0.3);

        // Then
        assertThat(half.share()).isCloseTo(0.6, within(1e-4));
        assertThat(half.isSteady()).isFalse();
        assertThat(half.otherIsFaster()).isTrue();
        assertThat(hardly.isSteady()).isFalse();
        assertThat(hardly.otherIsFaster()).isFalse();
    }

    @Test
    void shouldKeepTheDefaultWhereFewPairsAreUnsteady() {
        // Given what a machine with seven times as much work as it can do came to
        PairedTimes measured = new PairedTimes(0.22, 0.15, 0.58, 0.19, 3);
        PairedTimes few = new PairedTimes(0.22, 0.15, 0.58, 0.8, 3);

        // Then
        assertThat(measured.otherIsFaster()).isFalse();
        assertThat(few.otherIsFaster()).isFalse();
    }

    @Test
    void shouldRunBothInTurnsAndEachFirstInEveryOtherPair() {
        // When
        PairedTimes times = compare(always(10), always(10), 1);

        // Then 10 ms each, in 200 ms, one pair of them to warm up
        assertThat(times.pairs()).isEqualTo(9);
        assertThat(runs.subList(0, 6)).containsExactly("first", "other", "first", "other", "other", "first");
        assertThat(runs).hasSize(20);
    }

    @Test
    void shouldTakeThreePairsOfSlowWaysAndFewerOfVerySlowOnes() {
        assertThat(compare(always(70), always(70), 1).pairs()).isEqualTo(3);
        assertThat(compare(always(3000), always(3000), 1).pairs()).isEqualTo(1);
    }

    private PairedTimes compare(double[] first, double[] other, double share) {
        var timer = new PairTimer(BUDGET, () -> now, () -> onProcessor);
        return timer.compare(way("first", first, share), way("other", other, share));
    }

    private PairTimer.Way way(String name, double[] millis, double share) {
        int[] count = {0};
        return new PairTimer.Way(CpuPaths.DEFAULT, () -> {
            runs.add(name);
            long taken = Math.round(millis[count[0]++ % millis.length] * MILLI);
            now += taken;
            onProcessor += Math.round(taken * share);
        });
    }

    private static double[] always(double millis) {
        return new double[] {millis};
    }
}
