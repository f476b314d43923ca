package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BandsTest {
    /** So many operations a kernel, rows and operations a row; then rows at once. */
    @ParameterizedTest
    @CsvSource({"100, 10, 10, 10", "100, 11, 10, 6", "100, 7, 30, 3", "100, 5, 101, 1", "1, 3, 1000000000000, 1"})
    void shouldTakeSoManyRowsThatAKernelIsBounded(long operations, int rows, long each, int expected) {
        assertThat(new Bands(operations).rows(rows, each)).isEqualTo(expected);
    }

    @Test
    void shouldLeaveWholeWhatIsComputedOnAGpu() {
        assertThat(Bands.of(Device.cuda(0)).rows(1_000_000, 1_000_000_000_000L)).isEqualTo(1_000_000);
    }

    /** The bench's small model: 1,876 tokens of 8 heads of 64. What was one kernel keeps its bits. */
    @Test
    void shouldLeaveWholeWhatTakesACpuNoSeconds() {
        assertThat(Bands.of(Device.CPU).rows(1876, 8L * 1876 * (4 * 64 + 64))).isEqualTo(1876);
    }
}
