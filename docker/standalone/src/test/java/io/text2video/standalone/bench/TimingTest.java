package io.text2video.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.pipeline.Generation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimingTest {
    private static final Generation GENERATION =
            new Generation(1, Duration.ofMillis(500), Duration.ofMillis(9000), Duration.ofMillis(2500), 2);

    @Test
    void shouldTakeTheMedianOfAllStepsButTheFirst() {
        List<Long> ends = List.of(5_000_000_000L, 6_000_000_000L, 8_000_000_000L, 9_000_000_000L);

        assertThat(Timing.of(GENERATION, ends)).isEqualTo(new Timing(0.5, 1, 9, 2.5, 12, 2));
    }

    @Test
    void shouldTakeDenoisingForASingleStep() {
        assertThat(Timing.of(GENERATION, List.of(9_000_000_000L)).stepS()).isEqualTo(9);
    }
}
