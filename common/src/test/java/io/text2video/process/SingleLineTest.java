package io.text2video.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SingleLineTest {
    @ParameterizedTest
    @CsvSource({
        "000a, \\n",
        "000d, \\r",
        "0009, \\t",
        "0000, \\u0000",
        "001b, \\u001b",
        "007f, \\u007f",
        "0085, \\u0085",
        "009b, \\u009b",
        "200b, \\u200b",
        "2028, \\u2028",
        "2029, \\u2029",
        "202e, \\u202e",
        "d800, \\ud800",
        "e0001, \\udb40\\udc01"
    })
    void shouldEscapeWhatMovesACursor(String codePoint, String escape) {
        String text = "a" + Character.toString(Integer.parseInt(codePoint, 16)) + "b";

        String line = SingleLine.of(text);

        assertThat(line).isEqualTo("a" + escape + "b");
        assertThat(SingleLine.of(line)).isEqualTo(line);
    }

    @Test
    void shouldLeaveOtherTextsAlone() {
        String text = "Größe 10 µm, 画像, 😀 \"C:\\new\" %s {0}";

        assertThat(SingleLine.of(text)).isEqualTo(text);
        assertThat(SingleLine.of(null)).isNull();
    }
}
