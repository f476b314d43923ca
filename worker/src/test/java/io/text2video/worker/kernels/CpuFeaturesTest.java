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
                    flags    : fpu avx2 f16c                          | false | false
                    flags    : fpu avx512f avx512_bf16 avx512_vnni    | true  | false
                    flags    : avx512_bf16 avx512_fp16 amx_bf16       | true  | true
                    flags    : avx2 avx_ne_convert                    | false | false
                    Features : fp asimd asimdhp                       | false | true
                    Features : fp asimd asimdhp bf16 i8mm             | true  | true
                    model name : bf16 asimdhp                         | false | false
                    """)
    void shouldTellWhatACpuMultiplies(String line, boolean bf16, boolean fp16) {
        CpuFeatures cpu = CpuFeatures.parse(List.of("processor\t: 0", line, "", "processor\t: 1"));

        assertThat(cpu.multiplies(DType.BF16)).isEqualTo(bf16);
        assertThat(cpu.multiplies(DType.F16)).isEqualTo(fp16);
        assertThat(cpu.multiplies(DType.F32)).isTrue();
    }

    @Test
    void shouldPromiseNothingWhereTheSystemDoesNotTell() {
        CpuFeatures cpu = CpuFeatures.parse(List.of());

        assertThat(cpu.flags()).isEmpty();
        assertThat(Stream.of(DType.BF16, DType.F16)).noneMatch(cpu::multiplies);
    }
}
