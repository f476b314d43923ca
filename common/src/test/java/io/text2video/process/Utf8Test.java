package io.text2video.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
    @Test
    void shouldTakeLettersOfAnyScript() {
        assertThat(Utf8.refusalIn("UTF-8", "generate", "一只熊猫, é", "-o", "видео.mp4"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ANSI_X3.4-1968", "US-ASCII", "ISO-8859-1", ""})
    void shouldRefuseALocaleThatLosesLetters(String charset) {
        assertThat(Utf8.refusalIn(charset, "generate", "a ball"))
                .hasValueSatisfying(reason -> assertThat(reason).contains(charset, "LC_ALL=C.UTF-8"));
    }

    @Test
    void shouldNameTheArgumentThatIsNoUtf8() {
        assertThat(Utf8.refusalIn("UTF-8", "generate", "caf\uFFFD")).hasValue("argument 2 is not UTF-8: caf\uFFFD");
    }
}
