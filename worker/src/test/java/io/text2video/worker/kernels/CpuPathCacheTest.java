package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.kernels.CpuPathCache.Entry;
import io.text2video.worker.kernels.CpuPathCache.Key;
import io.text2video.worker.kernels.CpuPaths.Part;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was timed once is not timed again, unless it has to be. Each cache stands for a process. */
class CpuPathCacheTest {
    private static final Key KEY = new Key("EPYC", "f1", 2, "2.7.1", "k1", "F32", "32 wide");
    private static final PairedTimes FASTER = new PairedTimes(0.5, 0.5, 0.5, 1, 9);
    private static final PairedTimes SLOWER = new PairedTimes(1.5, 1.5, 1.5, 1, 9);
    private static final PairedTimes UNSTEADY = new PairedTimes(0.9, 0.6, 1.2, 1, 9);
    private static final PairedTimes UNSTEADIER = new PairedTimes(0.9, 0.5, 1.3, 1, 9);

    /** Faster, but not steady. */
    private static final PairedTimes BARELY = new PairedTimes(0.7, 0.63, 0.77, 0.6, 9);

    @TempDir
    Path directory;

    private final List<Map<Part, PairedTimes>> measurements = new ArrayList<>();

    static Stream<Key> shouldTimeAnew() {
        return Stream.of(
                new Key("Xeon", "f1", 2, "2.7.1", "k1", "F32", "32 wide"),
                new Key("EPYC", "f2", 2, "2.7.1", "k1", "F32", "32 wide"),
                new Key("EPYC", "f1", 4, "2.7.1", "k1", "F32", "32 wide"),
                new Key("EPYC", "f1", 2, "2.8.0", "k1", "F32", "32 wide"),
                new Key("EPYC", "f1", 2, "2.7.1", "k2", "F32", "32 wide"),
                new Key("EPYC", "f1", 2, "2.7.1", "k1", "BF16", "32 wide"),
                new Key("EPYC", "f1", 2, "2.7.1", "k1", "F32", "64 wide"));
    }

    @Test
    void shouldReadWhatIsKeptWithoutTimingAgain() {
        // Given
        ChosenPaths first = choose(KEY, Map.of(Part.LINEAR, FASTER, Part.ATTENTION, SLOWER));

        // When
        ChosenPaths again = choose(KEY, Map.of(Part.LINEAR, SLOWER, Part.ATTENTION, SLOWER));

        // Then
        assertThat(again).isEqualTo(first);
        assertThat(again.paths()).isEqualTo(CpuPaths.DEFAULT.with(Part.LINEAR, false));
        assertThat(measurements).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource
    void shouldTimeAnew(Key other) {
        // Given
        choose(KEY, Map.of(Part.LINEAR, FASTER));

        // When
        ChosenPaths chosen = choose(other, Map.of(Part.LINEAR, SLOWER));

        // Then
        assertThat(chosen.paths().onednnLinear()).isTrue();
        assertThat(measurements).hasSize(2);
        // Both are kept.
        choose(KEY, Map.of());
        choose(other, Map.of());
        assertThat(measurements).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not JSON",
                "{}",
                "null",
                "{\"entries\":[null,{}]}",
                "{\"entries\":[{\"key\":{\"cpu\":\"EPYC\"},\"parts\":{\"linear\":null}}]}",
                "{\"entries\":[{\"key\":{\"cpu\":\"EPYC\"},\"parts\":{}}]}",
                "{\"entries\":[{\"key\":{\"cpu\":\"EPYC\"},\"parts\":{\"rumour\":{}}}]}",
                "{\"entries\":3}"
            })
    void shouldReplaceABrokenFile(String content) throws IOException {
        // Given
        Files.writeString(directory.resolve("cpu-paths.json"), content);

        // When
        choose(KEY, Map.of(Part.LINEAR, FASTER));
        ChosenPaths kept = choose(KEY, Map.of());

        // Then
        assertThat(kept.paths().onednnLinear()).isFalse();
        assertThat(measurements).hasSize(1);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("cpu-paths.json", "cpu-paths.json.lock");
        }
    }

    @Test
    void shouldTimeWhatWasUnsteadyAgain() {
        // Given
        choose(KEY, Map.of(Part.LINEAR, SLOWER, Part.ATTENTION, UNSTEADY));

        // When
        ChosenPaths chosen = choose(KEY, Map.of(Part.LINEAR, SLOWER, Part.ATTENTION, FASTER));

        // Then
        assertThat(measurements).containsExactly(Map.of(), Map.of(Part.LINEAR, SLOWER));
        assertThat(chosen.paths().attentionByHeads()).isFalse();
        choose(KEY, Map.of());
        assertThat(measurements).hasSize(2);
    }

    @Test
    void shouldTimeWhatMultipliesAgainWithTheLinearsThatAreTaken() {
        // Given
        choose(KEY, Map.of(Part.LINEAR, UNSTEADY, Part.GELU, FASTER, Part.ATTENTION, FASTER, Part.CONVOLUTION, FASTER));

        // When
        ChosenPaths chosen = choose(
                KEY,
                Map.of(Part.LINEAR, FASTER, Part.GELU, SLOWER, Part.ATTENTION, UNSTEADY, Part.CONVOLUTION, FASTER));

        // Then
        assertThat(measurements).containsExactly(Map.of(), Map.of(Part.CONVOLUTION, FASTER));
        assertThat(chosen.paths()).isEqualTo(new CpuPaths(false, true, true, false, false));
    }

    @Test
    void shouldNotMixWhatWasTimedWithOtherLinears() {
        // Given linears that are faster the other way, as far as can be told
        choose(KEY, Map.of(Part.LINEAR, BARELY, Part.ATTENTION, UNSTEADY));

        // When they are not, and what was timed with them is steady
        ChosenPaths chosen = choose(KEY, Map.of(Part.LINEAR, UNSTEADY, Part.ATTENTION, FASTER));

        // Then
        assertThat(chosen.measured()).isEqualTo(Map.of(Part.LINEAR, BARELY, Part.ATTENTION, UNSTEADY));
    }

    @Test
    void shouldGiveUpOnAMachineThatIsNeverQuiet() {
        // When
        for (int i = 0; i < 7; i++) {
            choose(KEY, Map.of(Part.LINEAR, i == 2 ? UNSTEADY : UNSTEADIER));
        }

        // Then
        assertThat(measurements).hasSize(4);
        assertThat(choose(KEY, Map.of()).measured()).containsEntry(Part.LINEAR, UNSTEADY);
    }

    @Test
    void shouldKeepAProcessToWhatItHasChosen() {
        // Given
        CpuPathCache process = new CpuPathCache(new CpuPathFile(Optional.of(directory)));

        // When
        ChosenPaths first = process.choose(KEY, known -> measured(known, Map.of(Part.LINEAR, UNSTEADY)));
        ChosenPaths again = process.choose(KEY, known -> measured(known, Map.of(Part.LINEAR, FASTER)));

        // Then
        assertThat(again).isSameAs(first);
        assertThat(measurements).hasSize(1);
    }

    @Test
    void shouldChooseWithoutADirectory() throws IOException {
        // Given a file where the directory would be
        Path file = Files.createFile(directory.resolve("occupied"));
        for (var unusable : List.of(Optional.of(file), Optional.<Path>empty())) {
            measurements.clear();
            CpuPathCache cache = new CpuPathCache(new CpuPathFile(unusable));

            // When
            ChosenPaths chosen = cache.choose(KEY, known -> measured(known, Map.of(Part.LINEAR, FASTER)));
            cache.choose(KEY, known -> measured(known, Map.of(Part.LINEAR, SLOWER)));

            // Then
            assertThat(chosen.paths().onednnLinear()).isFalse();
            assertThat(measurements).hasSize(1);
        }
    }

    @Test
    void shouldTakeWhatAnotherProcessTimedMeanwhile() {
        // Given a lock that is waited for until the other process has written what it could not tell for sure
        Entry timed = new Entry(KEY, "2026-01-02T03:04:05Z", 1, Map.of(Part.LINEAR, BARELY));
        CpuPathFile file = new CpuPathFile(Optional.of(directory)) {
            @Override
            Closeable lock() throws IOException {
                Closeable lock = super.lock();
                write(timed);
                return lock;
            }
        };

        // When
        ChosenPaths chosen = new CpuPathCache(file).choose(KEY, known -> measured(known, Map.of(Part.LINEAR, SLOWER)));

        // Then
        assertThat(chosen).isEqualTo(timed.chosen());
        assertThat(measurements).isEmpty();
    }

    @Test
    void shouldTimeOnceWhereSeveralStartAtOnce() {
        // When
        List<ChosenPaths> chosen = Stream.generate(() -> KEY)
                .limit(8)
                .parallel()
                .map(key -> choose(key, Map.of(Part.LINEAR, FASTER)))
                .toList();

        // Then
        assertThat(chosen).containsOnly(chosen.get(0));
        assertThat(measurements).hasSize(1);
    }

    @Test
    void shouldLieWhereTheVariablesSay() {
        // Given
        Map<String, String> all = Map.of("TEXT2VIDEO_CACHE", "" + directory, "XDG_CACHE_HOME", "/a", "HOME", "/b");

        // When
        new CpuPathCache(CpuPathFile.of(all)).choose(KEY, known -> measured(known, Map.of(Part.LINEAR, FASTER)));

        // Then
        assertThat(directory.resolve("cpu-paths.json")).content().contains("\"linear\"", "EPYC");
        choose(KEY, Map.of());
        assertThat(measurements).hasSize(1);
    }

    private ChosenPaths choose(Key key, Map<Part, PairedTimes> result) {
        return new CpuPathCache(new CpuPathFile(Optional.of(directory))).choose(key, known -> measured(known, result));
    }

    private Map<Part, PairedTimes> measured(Map<Part, PairedTimes> known, Map<Part, PairedTimes> result) {
        measurements.add(Map.copyOf(known));
        return result;
    }
}
