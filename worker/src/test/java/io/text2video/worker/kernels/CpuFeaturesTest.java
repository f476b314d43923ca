package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuFeaturesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    flags    : fpu avx2 f16c                                                         | none | none
                    flags    : avx2 avx_vnni                                                         | none | none
                    flags    : avx512f avx512dq avx512cd                                             | none | none
                    flags    : avx2 avx512f avx512dq avx512bw avx512vl                               | slow | none
                    flags    : avx2 avx512f avx512dq avx512bw avx512vl avx512_bf16                   | fast | none
                    flags    : avx2 avx512f avx512dq avx512bw avx512vl avx512_bf16 avx512_fp16       | fast | fast
                    flags    : avx2 avx512f avx512dq avx512bw avx512vl avx512_bf16 amx_bf16 amx_fp16 | fast | none
                    flags    : avx2 avx_vnni avx_vnni_int8 avx_ne_convert                            | slow | slow
                    Features : fp asimd asimdhp                                                      | none | none
                    Features : fp asimd asimdhp bf16 i8mm                                            | fast | none
                    model name : bf16 asimdhp                                                        | none | none
                    """)
    void shouldTellWhatACpuMultiplies(String line, String bf16, String fp16) {
        CpuFeatures cpu = CpuFeatures.parse(List.of("processor\t: 0", line, "", "processor\t: 1"));

        assertThat(speed(cpu, DType.BF16)).isEqualTo(bf16);
        assertThat(speed(cpu, DType.F16)).isEqualTo(fp16);
        assertThat(speed(cpu, DType.F32)).isEqualTo("fast");
    }

    @Test
    void shouldAgreeWithWhatTheKernelsDoHere() {
        // Given
        CpuFeatures cpu = CpuFeatures.ofThisMachine();
        try (Kernels kernels = Kernels.load();
                MemoryScope scope = kernels.openScope()) {
            for (DType dtype : List.of(DType.BF16, DType.F16, DType.F32)) {
                // When the kernels choose what products are computed in
                Tensor x = TensorKernels.cast(scope, TensorKernels.ofFloats(scope, new float[4], 4), dtype);
                DType computed = DType.ofCode(scope.callForLong("product_dtype", x));

                // Then it is what the warning is about
                assertThat(computed).isEqualTo(cpu.multiplies(dtype) ? dtype : DType.F32);
            }
        }
    }

    private static String speed(CpuFeatures cpu, DType dtype) {
        if (cpu.isFastIn(dtype)) {
            return "fast";
        }
        return cpu.multiplies(dtype) ? "slow" : "none";
    }

    @Test
    void shouldNameTheInstructionsThatComputeVectors() {
        CpuFeatures x86 = CpuFeatures.parse(List.of("flags : fpu sse4_1 smep smap avx2 fma avx512f amx_tile"));
        CpuFeatures arm = CpuFeatures.parse(List.of("Features : fp asimd sve2 sme sme2 i8mm crc32"));

        assertThat(x86.vectors()).containsExactly("amx_tile", "avx2", "avx512f", "fma", "sse4_1");
        assertThat(arm.vectors()).containsExactly("asimd", "i8mm", "sme", "sme2", "sve2");
    }

    @Test
    void shouldPromiseNothingWhereTheSystemDoesNotTell() {
        CpuFeatures cpu = CpuFeatures.parse(List.of());

        assertThat(cpu.flags()).isEmpty();
        assertThat(Stream.of(DType.BF16, DType.F16)).noneMatch(cpu::multiplies);
    }
}
