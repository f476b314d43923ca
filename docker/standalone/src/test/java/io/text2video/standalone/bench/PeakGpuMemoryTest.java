package io.text2video.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MINUTE;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeakGpuMemoryTest {
    @Test
    void shouldAddUpWhatAProcessHoldsOfEachGpu() {
        try (var memory = new PeakGpuMemory(42, () -> Optional.of("7, 900\n42, 1024\n42, 16\n"))) {
            assertThat(memory.most()).hasValue(1040L << 20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7, 900", "42, [N/A]"})
    void shouldSayNothingOfAProcessThatIsNotListed(String table) {
        try (var memory = new PeakGpuMemory(42, () -> Optional.of(table))) {
            assertThat(memory.most()).isEmpty();
        }
    }

    @Test
    void shouldKeepTheMostThatWasSeen() {
        // Given a process that takes much for a while
        var table = new AtomicReference<>("42, 16");
        var looks = new AtomicInteger();
        try (var memory = new PeakGpuMemory(42, () -> {
            looks.incrementAndGet();
            return Optional.of(table.get());
        })) {
            // When
            table.set("42, 1024");
            int before = looks.get();
            await().atMost(ONE_MINUTE).until(() -> looks.get() > before + 1);
            table.set("42, 16");

            // Then
            assertThat(memory.most()).hasValue(1024L << 20);
        }
    }

    @Test
    void shouldAskNoMoreWhereNobodyAnswers() {
        var looks = new AtomicInteger();
        try (var memory = new PeakGpuMemory(42, () -> {
            looks.incrementAndGet();
            return Optional.empty();
        })) {
            await().atMost(ONE_MINUTE).during(Duration.ofSeconds(1)).until(() -> looks.get() == 1);
            assertThat(memory.most()).isEmpty();
        }
    }
}
