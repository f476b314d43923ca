package io.text2video.worker.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizationTest {
    @Test
    void shouldReadASchemePerComponent() {
        // When
        Quantization read = Quantization.of("transformer=int8, text_encoder=int8wo");

        // Then
        assertThat(read).isEqualTo(new Quantization(Scheme.INT8WO, Scheme.INT8, Scheme.NONE));
    }

    @Test
    void shouldTakeASingleSchemeForTextEncoderAndTransformer() {
        assertThat(Quantization.of("fp8")).isEqualTo(new Quantization(Scheme.FP8, Scheme.FP8, Scheme.NONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "transformer=int8", "transformer=int8,text_encoder=int8wo,vae=int8wo"})
    void shouldWriteWhatItReads(String text) {
        assertThat(Quantization.of(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    int4                               | the scheme "int4"; there are none, int8wo, int8, fp8
                    unet=int8                          | the component "unet"; there are text_encoder, transformer, vae
                    transformer=int8,transformer=fp8   | names twice transformer
                    transformer=int8,vae               | gives no scheme for vae
                    transformer=                       | the scheme ""
                    """)
    void shouldSayWhatItDoesNotUnderstand(String text, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantization.of(text))
                .withMessageContaining("\"" + text + "\"")
                .withMessageContaining(reason);
    }
}
