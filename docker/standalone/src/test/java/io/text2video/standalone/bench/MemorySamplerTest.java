package io.text2video.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Durations.ONE_MINUTE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemorySamplerTest {
    @TempDir
    Path directory;

    @Test
    void shouldTellStagesApart() throws IOException {
        // Given a process that takes much, gives it back, and then reads a file
        resident(10, 1);
        try (var sampler = new MemorySampler(new ProcessMemory(directory))) {
            long start = System.nanoTime();
            awaitPeak(sampler, start, 11);
            resident(90, 1);
            awaitPeak(sampler, start, 91);
            resident(20, 1);
            long middle = awaitNow(sampler, 21);
            resident(20, 30);
            awaitPeak(sampler, middle, 50);

            // Then
            long end = System.nanoTime();
            assertThat(sampler.between("first", start, middle)).isEqualTo(memory("first", 91, 90, 1));
            assertThat(sampler.between("second", middle, end)).isEqualTo(memory("second", 50, 20, 30));
        }
    }

    @Test
    void shouldTakeTheLastSampleForASpanWithoutOne() throws IOException {
        resident(10, 1);
        try (var sampler = new MemorySampler(new ProcessMemory(directory))) {
            long now = awaitNow(sampler, 11);

            assertThat(sampler.between("short", now, now)).isEqualTo(memory("short", 11, 10, 1));
        }
    }

    private static void awaitPeak(MemorySampler sampler, long since, long kib) {
        Awaitility.await()
                .atMost(ONE_MINUTE)
                .until(() -> sampler.between("", since, System.nanoTime()).peakRssBytes() == kib << 10);
    }

    /** @return a moment from which on nothing else is seen */
    private static long awaitNow(MemorySampler sampler, long kib) {
        long[] moment = new long[1];
        Awaitility.await().atMost(ONE_MINUTE).until(() -> {
            moment[0] = System.nanoTime();
            return sampler.between("", moment[0], moment[0]).peakRssBytes() == kib << 10;
        });
        return moment[0];
    }

    /** Put in place at once: the sampler must not read half of it. */
    private void resident(int anonymous, int file) throws IOException {
        Path next = directory.resolve("next");
        Files.writeString(
                next, "VmHWM: 0 kB\nRssAnon: %d kB\nRssFile: %d kB\nRssShmem: 0 kB\n".formatted(anonymous, file));
        Files.move(next, directory.resolve("status"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static MeasuredStageMemory memory(String stage, long all, long anonymous, long file) {
        return new MeasuredStageMemory(stage, all << 10, anonymous << 10, file << 10);
    }
}
