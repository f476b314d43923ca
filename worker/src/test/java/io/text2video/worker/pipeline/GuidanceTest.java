package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuidanceTest {
    @ParameterizedTest
    @CsvSource({
        // 1 + 6 (1 - cos(pi ((N - t) / N)^5)) / 2 in Python 3.11
        "50, 999, 2.291487174551452",
        "50, 979, 2.5435028667646318",
        "50, 19, 1.123397939968981",
        "1000, 999, 1.0",
        "1000, 500, 1.0144458199834092",
    })
    void shouldGrowAsTheReferencesDoes(int steps, int timestep, double expected) {
        assertThat(new Guidance(6, true, steps).scaleAt(timestep)).isCloseTo(expected, within(1e-6));
    }

    @Test
    void shouldStayWhereItIsNotDynamic() {
        assertThat(new Guidance(6, false, 50).scaleAt(19)).isEqualTo(6);
    }

    @Test
    void shouldBeOffAtOneAndBelow() {
        assertThat(new Guidance(1, true, 50).active()).isFalse();
        assertThat(new Guidance(1.01, false, 50).active()).isTrue();
    }
}
