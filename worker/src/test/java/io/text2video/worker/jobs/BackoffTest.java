package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final List<Duration> pauses = new ArrayList<>();

    @Test
    void shouldWaitLongerEachTimeUntilItSucceeds() throws IOException {
        var backoff = new Backoff(Duration.ofHours(1), Duration.ofSeconds(4));

        String answer = backoff.retry(
                () -> {
                    if (pauses.size() < 4) {
                        throw new IOException("not yet");
                    }
                    return "there";
                },
                pauses::add);

        assertThat(answer).isEqualTo("there");
        assertThat(pauses)
                .containsExactly(
                        Duration.ofSeconds(4), Duration.ofSeconds(8), Duration.ofSeconds(15), Duration.ofSeconds(15));
    }

    @Test
    void shouldFailWithTheLastFailureWhenTheTimeIsOver() {
        var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(2));

        assertThatThrownBy(() -> backoff.retry(
                        () -> {
                            throw new IOException("never");
                        },
                        pauses::add))
                .isInstanceOf(IOException.class)
                .hasMessage("never");
        assertThat(pauses).isEmpty();
    }

    @Test
    void shouldLetWhoeverWaitsGiveUp() {
        var backoff = new Backoff(Duration.ofHours(1), Duration.ofSeconds(2));

        assertThatThrownBy(() -> backoff.retry(
                        () -> {
                            throw new IOException("not yet");
                        },
                        pause -> {
                            throw new AbandonedException("the worker stops");
                        }))
                .isInstanceOf(AbandonedException.class);
    }

    @Test
    void shouldTryNothingAgainButWhatItIsToldPasses() {
        var backoff = new Backoff(Duration.ofHours(1), Duration.ofSeconds(2));

        assertThatThrownBy(() -> backoff.retry(
                        FileNotFoundException.class,
                        () -> {
                            throw pauses.isEmpty() ? new FileNotFoundException("not yet") : new IOException("broken");
                        },
                        pauses::add))
                .hasMessage("broken");
        assertThat(pauses).containsExactly(Duration.ofSeconds(2));
    }
}
