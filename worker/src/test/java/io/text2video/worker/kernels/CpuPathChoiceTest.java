package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.text2video.worker.kernels.CpuPaths.Part;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What --cpu-paths says. */
class CpuPathChoiceTest {
    private static final ProbeSizes SIZES = new ProbeSizes(32, 2, 16, 20, 8, 4, 4);

    @ParameterizedTest
    @ValueSource(
            strings = {"auto", "default", "linear=mkl,attention=fused", "gelu=after,convolution=contiguous,int8=floats"
            })
    void shouldReadWhatItPrints(String text) {
        assertThat(CpuPathChoice.of(text)).hasToString(text);
    }

    @Test
    void shouldReadWhatPathsPrint() {
        // Given
        CpuPaths paths = new CpuPaths(true, false, false, true, false);

        // When
        CpuPathChoice choice = CpuPathChoice.of(paths.toString());

        // Then
        assertThat(choice.choose(SIZES, DType.F32).paths()).isEqualTo(paths);
    }

    @Test
    void shouldLeaveWhatIsNotPinnedAsItIsByDefault() {
        // Given
        CpuPathChoice choice = CpuPathChoice.of("attention=fused");

        // When
        ChosenPaths chosen = choice.choose(SIZES, DType.F32);

        // Then
        assertThat(choice.pinned()).containsExactly(Map.entry(Part.ATTENTION, false));
        assertThat(chosen.paths()).isEqualTo(CpuPathChoice.DEFAULT.untimed().with(Part.ATTENTION, false));
        assertThat(chosen.measured()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "fast | 'fast' is neither auto nor default nor a list of parts, as in linear=mkl,attention=fused; parts are linear, gelu, attention, convolution, int8",
                "linear=mkl,atention=fused | 'linear=mkl,atention=fused' is neither auto",
                "linear=cuda | 'cuda' is no way of linear: there are onednn and mkl",
                "attention | '' is no way of attention: there are by-heads and fused",
                "linear=mkl,linear=onednn | 'linear=mkl,linear=onednn' has linear twice"
            })
    void shouldSayWhatItDoesNotKnow(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CpuPathChoice.of(text))
                .withMessageStartingWith(message);
    }

    @Test
    void shouldRefuseIntegersThatAreNotExact() {
        // Given
        CpuPathChoice choice = CpuPathChoice.of("int8=integers");

        // Then
        if (IntegerProducts.areExact()) {
            assertThat(choice.choose(SIZES, DType.F32).paths().integerProducts())
                    .isTrue();
        } else {
            assertThatIllegalArgumentException()
                    .isThrownBy(choice::requireUsable)
                    .withMessage("int8=integers is not exact on this CPU; int8=floats is");
        }
    }
}
