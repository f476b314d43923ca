package io.text2video.worker.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.config.InvalidCheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerJsonModelTest {
    private static final String SPECIAL = "{\"id\": %d, \"content\": \"%s\", \"special\": true, \"normalized\": false,"
            + " \"lstrip\": false, \"rstrip\": false, \"single_word\": false}";

    @TempDir
    Path directory;

    @Test
    void shouldEncodeByTokenizerJsonWhereThereIsNoSentencePieceModel() throws Exception {
        // Given
        write("</s>");

        // When
        try (T5Tokenizer tokenizer = T5Tokenizer.open(directory, false)) {
            Encoding encoding = tokenizer.tokenize("red ball red ball", 4);

            // Then
            assertThat(encoding.ids()).containsExactly(3, 4, 3, 1);
            assertThat(encoding.truncatedTokens()).isEqualTo(1);
            assertThat(encoding.truncatedText()).isEqualTo("ball");
        }
    }

    /** As the two classes of transformers do. */
    @Test
    void shouldPreferTokenizerJsonInTheFastClassAlone() throws Exception {
        // Given both files, which say different things
        write("</s>");
        Files.copy(Reference.CHECKPOINT.resolve("tokenizer/spiece.model"), directory.resolve("spiece.model"));

        // When
        try (T5Tokenizer slow = T5Tokenizer.open(directory, false);
                T5Tokenizer fast = T5Tokenizer.open(directory, true)) {
            // Then
            assertThat(fast.encode("red ball", 9)).containsExactly(3, 4, 1);
            assertThat(slow.encode("red ball", 9)).isNotEqualTo(fast.encode("red ball", 9));
        }
    }

    @Test
    void shouldRefuseAVocabularyOfAnotherModel() throws Exception {
        // Given
        write("[SEP]");

        // When / Then
        assertThatThrownBy(() -> T5Tokenizer.open(directory, false))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining("</s> is not 1");
    }

    @Test
    void shouldRefuseAFileThatIsNoTokenizer() throws Exception {
        // Given
        Files.writeString(directory.resolve("tokenizer.json"), "{}");

        // When / Then
        assertThatThrownBy(() -> T5Tokenizer.open(directory, false))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining("is not a tokenizer");
    }

    private void write(String end) throws Exception {
        String json = "{\"version\": \"1.0\", \"added_tokens\": ["
                + SPECIAL.formatted(0, "<pad>") + "," + SPECIAL.formatted(1, end) + ","
                + SPECIAL.formatted(2, "<unk>")
                + "], \"pre_tokenizer\": {\"type\": \"Metaspace\", \"replacement\": \"▁\", \"prepend_scheme\": \"always\","
                + " \"split\": true}, \"model\": {\"type\": \"Unigram\", \"unk_id\": 2, \"byte_fallback\": false,"
                + " \"vocab\": [[\"<pad>\", 0.0], [\"" + end + "\", 0.0], [\"<unk>\", 0.0], [\"▁red\", -1.0],"
                + " [\"▁ball\", -1.0]]}}";
        Files.writeString(directory.resolve("tokenizer.json"), json);
    }
}
