package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    @Test
    void shouldWaitTwiceAsLongEachTimeUpToTheLongest() {
        var retries = new Retries(5, FIRST, LONGEST, () -> 1);

        assertThat(IntStream.range(0, 9).mapToObj(retries::delay).map(Duration::toSeconds))
                .containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 600L, 600L, 600L);
        assertThat(retries.delay(1_000_000)).isEqualTo(LONGEST);
    }

    @Test
    void shouldWaitARandomPartOfIt() {
        assertThat(new Retries(5, FIRST, LONGEST, () -> 0.25).delay(2)).isEqualTo(Duration.ofSeconds(10));
        assertThat(new Retries(5, FIRST, LONGEST, () -> 0).delay(2)).isZero();
    }

    @Test
    void shouldEnd() {
        var retries = new Retries(2, FIRST, LONGEST);

        assertThat(retries.isAnotherAfter(1)).isTrue();
        assertThat(retries.isAnotherAfter(2)).isFalse();
    }

    @Test
    void shouldRefuseSettingsThatCannotBe() {
        assertThatThrownBy(() -> new Retries(5, LONGEST, FIRST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("worker.retry-delay-max")
                .hasMessageContaining("PT10M");
    }
}
