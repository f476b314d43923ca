package io.text2video.worker.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "A ball rolls.                                   | A ball rolls.",
                "  A ball\\n\\nrolls.\t                         | A ball rolls.",
                "\"A ball rolls.\"                             | A ball rolls.",
                "\u201cA ball rolls.\u201d                     | A ball rolls.",
                "A sign says \"stop\".                         | A sign says \"stop\".",
                "\"Stop\", says the sign, and \"go\"         | \"Stop\", says the sign, and \"go\"",
                "```text\\nA ball rolls.\\n```                   | A ball rolls.",
                "# Caption\\nA ball rolls.                       | A ball rolls.",
                "**Caption**\\nA ball rolls.                     | A ball rolls.",
                "**A red ball rolls.**                          | A red ball rolls.",
                "**Prompt:** A **red** ball rolls *slowly*.      | A red ball rolls slowly.",
                "Enhanced prompt: A ball rolls.                  | A ball rolls.",
                "<think>What is a ball?</think>A ball rolls.     | A ball rolls.",
                "A\u0000 ball\u202e\u001b rolls.              | A ball rolls.",
                "A 3 * 4 grid of balls.                          | A 3 * 4 grid of balls.",
            })
    void shouldBeOneLineOfPlainText(String answer, String caption) {
        assertThat(Caption.of(answer.replace("\\n", "\n"))).isEqualTo(caption);
    }

    @Test
    void shouldBeCutAfterASentence() {
        String sentence = "The red ball rolls to the left over a wide green lawn. ";

        String caption = Caption.of(sentence.repeat(100));

        assertThat(caption).hasSizeBetween(1_100, Caption.MOST).endsWith("lawn.");
    }

    @Test
    void shouldBeCutBetweenWordsOrCharactersWhereThereIsNoSentence() {
        assertThat(Caption.of("ball ".repeat(1_000))).hasSize(1_199).endsWith("ball");
        assertThat(Caption.of("x" + "\ud83d\udd34".repeat(1_000))).hasSize(1_199);
    }

    @Test
    void shouldComeOfALongAnswerInNoTime() {
        assertThat(Caption.of("\n \n".repeat(80_000) + "A ball.")).isEqualTo("A ball.");
        assertThat(Caption.of(" ".repeat(250_000) + "A ball.")).isEqualTo("A ball.");
    }

    @Test
    void shouldBeNothingOfAThoughtThatDoesNotEnd() {
        assertThat(Caption.of("<think>A ball is")).isEmpty();
    }
}
