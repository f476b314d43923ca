package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.kernels.CpuPaths.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ways that are compared are those that are taken: each is really run. */
class PathProbesTest {
    private static final ProbeSizes SIZES = new ProbeSizes(32, 2, 16, 20, 8, 4, 4);
    private static final int THREADS = 2;
    private static final PairedTimes SLOWER = new PairedTimes(1.5, 1.5, 1.5, 1, 9);
    private static final PairedTimes FASTER = new PairedTimes(0.5, 0.5, 0.5, 1, 9);

    private record Compared(CpuPaths first, CpuPaths other) {}

    private final List<Compared> compared = new ArrayList<>();
    private int runs;

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16", "F16"})
    void shouldRunBothWaysOfEveryPart(DType dtype) {
        // When
        Map<Part, PairedTimes> measured = compare(dtype, Map.of(), IntegerProducts.areExact(), SLOWER);

        // Then
        EnumSet<Part> expected = EnumSet.allOf(Part.class);
        if (!IntegerProducts.areExact()) {
            expected.remove(Part.INT8);
        }
        assertThat(measured.keySet()).isEqualTo(expected);
        int at = 0;
        for (Part part : expected) {
            assertThat(compared.get(at).first().takesFirst(part)).isTrue();
            assertThat(compared.get(at).other().takesFirst(part)).isFalse();
            at++;
        }
        assertThat(runs).isEqualTo(2 * 2 * expected.size());
        assertThat(ChosenPaths.by(measured).paths())
                .isEqualTo(CpuPaths.DEFAULT.with(Part.INT8, IntegerProducts.areExact()));
    }

    @Test
    void shouldCompareTheOthersByTheWayThatLinearsTake() {
        // When
        Map<Part, PairedTimes> measured = compare(DType.F32, Map.of(), false, FASTER);

        // Then
        assertThat(compared).hasSize(4);
        assertThat(compared.subList(1, 4))
                .allSatisfy(pair -> assertThat(pair.first().onednnLinear()).isFalse())
                .allSatisfy(pair -> assertThat(pair.other().onednnLinear()).isFalse());
        assertThat(ChosenPaths.by(measured).paths()).isEqualTo(new CpuPaths(false, false, false, false, false));
    }

    @Test
    void shouldNotRunWhatIsKnown() {
        // Given
        Map<Part, PairedTimes> known = Map.of(Part.LINEAR, FASTER, Part.CONVOLUTION, SLOWER);

        // When
        Map<Part, PairedTimes> measured = compare(DType.F32, known, false, SLOWER);

        // Then
        assertThat(runs).isEqualTo(2 * 2 * 2);
        assertThat(measured).containsEntry(Part.LINEAR, FASTER).containsEntry(Part.CONVOLUTION, SLOWER);
        assertThat(compared)
                .allSatisfy(pair -> assertThat(pair.first().onednnLinear()).isFalse());
    }

    @Test
    void shouldTimeThemByTheClock() {
        // When
        Map<Part, PairedTimes> measured;
        try (var probes = new PathProbes(SIZES, DType.F32, THREADS)) {
            measured = probes.compare(Map.of(), false, new PairTimer(Duration.ofMillis(20))::compare);
        }

        // Then
        assertThat(measured.values()).hasSize(4).allSatisfy(times -> {
            assertThat(times.pairs()).isPositive();
            assertThat(times.low()).isPositive();
            assertThat(times.ratio()).isBetween(times.low(), times.high());
        });
    }

    private Map<Part, PairedTimes> compare(
            DType dtype, Map<Part, PairedTimes> known, boolean integers, PairedTimes result) {
        try (var probes = new PathProbes(SIZES, dtype, THREADS)) {
            return probes.compare(known, integers, (first, other) -> {
                compared.add(new Compared(first.paths(), other.paths()));
                for (PairTimer.Way way : List.of(first, other, other, first)) {
                    way.work().run();
                    runs++;
                }
                return result;
            });
        }
    }
}
