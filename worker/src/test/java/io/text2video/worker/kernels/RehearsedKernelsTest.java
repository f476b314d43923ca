package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.rehearsal.Rehearsed;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Every kernel on a rehearsed GPU against the CPU. */
@Tag("slow")
@Rehearsed
class RehearsedKernelsTest {
    private static final Device GPU = Device.cuda(0);

    /** Of files and generators: whoever loads a model or draws runs these. */
    private static final Set<String> ON_THE_HOST = Set.of("view_mapped", "copy_mapped", "generator");

    /** Codes of e4m3 have three bits after the first. */
    private static final double OF_E4M3_INPUTS = 0.1;

    /** What a GPU computes in, and how far from the CPU it may be. */
    private enum Way {
        FP32(DType.F32, CudaPaths.PLAIN, 2e-6),
        FP32_NAMED_ATTENTION(DType.F32, new CudaPaths(true, true, true), 2e-6),
        FP16(DType.F16, new CudaPaths(true, true, true), 5e-3),
        BF16(DType.BF16, new CudaPaths(true, true, true), 2e-2),
        BF16_BEFORE_AMPERE(DType.BF16, new CudaPaths(false, false, true), 2e-2);

        private final DType dtype;
        private final CudaPaths paths;
        private final double tolerance;

        Way(DType dtype, CudaPaths paths, double tolerance) {
            this.dtype = dtype;
            this.paths = paths;
            this.tolerance = tolerance;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldComputeWhatTheCpuComputes(Way way) {
        double largest = 0;
        try (Kernels cpu = Kernels.load(Device.CPU);
                Kernels gpu = Kernels.load(GPU, way.paths)) {
            for (KernelCall call : KernelCall.ALL) {
                // When
                KernelResult expected = KernelResult.of(cpu, call, way.dtype);
                KernelResult actual = KernelResult.of(gpu, call, way.dtype);

                // Then
                double difference = actual.difference(expected);
                double allowed = call.name().contains("f8") && way != Way.FP32 ? OF_E4M3_INPUTS : way.tolerance;
                System.out.printf("%-20s %-32s %.1e%n", way, call, difference);
                assertThat(actual.devices()).as(call.name()).isEqualTo(KernelResult.devicesOn(GPU, call));
                assertThat(difference).as("%s in %s".formatted(call, way)).isLessThanOrEqualTo(allowed);
                largest = Math.max(largest, difference);
            }
        }
        System.out.printf("%-20s %-32s %.1e%n", way, "largest of " + KernelCall.ALL.size(), largest);
    }

    @ParameterizedTest
    @FieldSource("io.text2video.worker.kernels.PlantedFault#ALL")
    void shouldFindATensorOnTheWrongDevice(PlantedFault fault) throws IOException {
        // Given
        String planted = fault.in(KernelArchive.source(Device.Kind.CUDA));

        // When
        Optional<String> found = Optional.empty();
        for (Way way : Way.values()) {
            if (found.isEmpty()) {
                try (Kernels gpu = Kernels.load(GPU, way.paths, KernelArchive.bytes(planted, GPU, way.paths))) {
                    found = KernelCall.ALL.stream()
                            .flatMap(call -> fault.foundBy(gpu, call, way.dtype).stream())
                            .findFirst();
                }
            }
        }

        // Then
        System.out.printf("%-60s found by %s%n", fault, found.orElse("none"));
        assertThat(found).isPresent();
    }

    @Test
    void shouldReachEveryKernel() throws IOException {
        // Given
        Map<String, Set<String>> calls = callsBetweenKernels(KernelArchive.source(Device.Kind.CUDA));
        Deque<String> next =
                new ArrayDeque<>(KernelCall.ALL.stream().map(KernelCall::kernel).toList());

        // When
        Set<String> reached = new TreeSet<>();
        while (!next.isEmpty()) {
            String kernel = next.pop();
            if (reached.add(kernel)) {
                next.addAll(calls.get(kernel));
            }
        }

        // Then
        reached.addAll(ON_THE_HOST);
        assertThat(reached).containsExactlyInAnyOrderElementsOf(calls.keySet());
    }

    private static Map<String, Set<String>> callsBetweenKernels(String source) {
        List<String> functions = List.of(source.split("\n  def "));
        Pattern call = Pattern.compile("self\\.(\\w+)\\(");
        return functions.stream()
                .skip(1)
                .collect(Collectors.toMap(
                        function -> function.substring(0, function.indexOf('(')),
                        function -> matches(call, function).collect(Collectors.toSet())));
    }

    private static Stream<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult match) -> match.group(1));
    }
}
