package io.text2video.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HostLimitTest {
    private final HostLimit limit = new HostLimit();

    @Test
    void shouldGiveAHostOneUntilItHasAnswered() {
        assertThat(limit.enter("http://new.example/1")).isTrue();
        assertThat(limit.enter("http://new.example:8080/2")).isFalse();
        assertThat(limit.enter("https://other.example/")).isTrue();

        limit.heard("http://new.example/1", true);
        limit.leave("http://new.example/1");

        assertThat(entered("http://new.example/", 100)).isEqualTo(HostLimit.PER_HOST);
        limit.leave("http://new.example/");
        assertThat(limit.enter("http://new.example/")).isTrue();
    }

    @Test
    void shouldGiveAHostOneOnceItHasNotAnswered() {
        limit.heard("http://slow.example/", true);
        limit.enter("http://slow.example/");
        limit.enter("http://slow.example/");

        limit.heard("http://slow.example/", false);

        assertThat(limit.enter("http://slow.example/")).isFalse();
        limit.leave("http://slow.example/");
        limit.leave("http://slow.example/");
        assertThat(entered("http://slow.example/", 2)).isEqualTo(1);
    }

    @Test
    void shouldLeaveRoomForThoseThatAnswer() {
        // Given more hosts than there is room for, which have all said nothing
        limit.heard("http://answers.example/", true);
        long first = IntStream.range(0, 2000)
                .filter(i -> limit.enter("http://stuck-%d.example/".formatted(i)))
                .count();
        assertThat(first).isEqualTo(HostLimit.NEW_AT_ONCE);
        for (int i = 0; i < first; i++) {
            limit.heard("http://stuck-%d.example/".formatted(i), false);
            limit.leave("http://stuck-%d.example/".formatted(i));
        }

        // When they are to be called again
        long again = IntStream.range(0, (int) first)
                .filter(i -> limit.enter("http://stuck-%d.example/".formatted(i)))
                .count();

        // Then few are, and both new hosts and those that answer have room
        assertThat(again).isEqualTo(HostLimit.SILENT_AT_ONCE);
        assertThat(limit.enter("http://new.example/")).isTrue();
        assertThat(entered("http://answers.example/", 1000)).isEqualTo(HostLimit.PER_HOST);
    }

    @Test
    void shouldAskLaterForAHostThatSaysNothing() {
        Instant now = Instant.now();
        limit.heard("http://stuck.example/", false);

        assertThat(limit.again("http://new.example/", now)).isBetween(now.plusSeconds(1), now.plusSeconds(2));
        assertThat(limit.again("http://stuck.example/", now)).isBetween(now.plusSeconds(5), now.plusSeconds(10));
    }

    private long entered(String url, int times) {
        return IntStream.range(0, times).filter(i -> limit.enter(url)).count();
    }
}
