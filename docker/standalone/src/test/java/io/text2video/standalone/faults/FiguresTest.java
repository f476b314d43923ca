package io.text2video.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void shouldMeasureFromTheKillToTheNextStart() {
        // Given a worker that was killed at second 3, and another that went on at second 7, after the broker was killed
        History history = Histories.begun()
                .fault(FaultKind.KILL_WORKER, "default-worker-1-1", 3, 3)
                .fault(FaultKind.KILL_BROKER, "broker-1", 5, 5)
                .started("1-2", "default-worker-2-1", 7)
                .build();

        Figures figures = figures(history);

        assertThat(figures.kills()).isEqualTo(2);
        assertThat(figures.attempts()).isEqualTo(2);
        assertThat(figures.takeover()).isEqualTo(new Figures.Distribution(1, 4, 4, 4));
        assertThat(figures.undisturbedTakeover().count()).isZero();
    }

    @Test
    void shouldCountTheStepsThatWereDoneAgain() {
        // Given an attempt that told of 17 steps, one that went on after step 15, and one that began anew
        History history = Histories.begun()
                .progress("1-1", 3)
                .progress("1-1", 17)
                .progress("1-2", 16)
                .progress("1-2", 20)
                .progress("1-3", 1)
                .build();

        assertThat(figures(history).repeatedSteps()).isEqualTo(new Figures.Distribution(2, 2, 20, 20));
    }

    @Test
    void shouldTakeTheNearestRank() {
        var hundred = IntStream.rangeClosed(1, 100).mapToObj(Double::valueOf).toList();

        assertThat(Figures.Distribution.of(hundred)).isEqualTo(new Figures.Distribution(100, 50, 99, 100));
        assertThat(Figures.Distribution.of(List.of())).isEqualTo(new Figures.Distribution(0, 0, 0, 0));
    }

    private static Figures figures(History history) {
        return Figures.of(1, Duration.ofSeconds(1), history, HistoryChecker.check(history), List.of());
    }
}
