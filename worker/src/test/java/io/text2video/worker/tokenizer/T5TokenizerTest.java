package io.text2video.worker.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.text2video.worker.config.InvalidCheckpointException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class T5TokenizerTest {
    private static final Path TINY = Path.of("..", "models", "cogvideox-tiny", "tokenizer");

    private static T5Tokenizer tokenizer;

    @BeforeAll
    static void open() throws Exception {
        tokenizer = T5Tokenizer.open(TINY, false);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void shouldMatchTransformersOnEveryReferenceText() throws Exception {
        // Given
        JsonNode vectors;
        try (InputStream in = getClass().getResourceAsStream("/reference/tokenizer_vectors.json")) {
            vectors = JsonMapper.builder().build().readTree(in);
        }

        // When
        List<String> mismatches = new ArrayList<>();
        for (JsonNode vector : vectors) {
            String text = vector.get("text").asText();
            long[] expected = IntStream.range(0, vector.get("ids").size())
                    .mapToLong(i -> vector.get("ids").get(i).asLong())
                    .toArray();
            long[] actual = tokenizer.encode(text, 226);
            if (!Arrays.equals(expected, actual)) {
                mismatches.add(
                        text + "\n  expected " + Arrays.toString(expected) + "\n  actual   " + Arrays.toString(actual));
            }
        }

        // Then
        assertThat(vectors.size()).isEqualTo(100);
        assertThat(mismatches).isEmpty();
    }

    @Test
    void shouldPadWithZeros() {
        // Given
        String text = "a";

        // When
        long[] ids = tokenizer.encodePadded(text, 5);

        // Then
        assertThat(ids).containsExactly(4, 1, 0, 0, 0);
    }

    @Test
    void shouldSayWhatTheLimitCut() {
        // Given: eight words, the last of which the vocabulary does not know
        String text = "a red ball moving left on a 日本語";

        // When
        Encoding encoding = tokenizer.tokenize(text, 7);

        // Then
        assertThat(encoding.ids()).hasSize(7).endsWith(1);
        assertThat(encoding.pieces()).hasSize(7).startsWith("▁a").endsWith("</s>");
        assertThat(encoding.truncatedTokens()).isPositive();
        assertThat(encoding.truncatedText()).endsWith("on a 日本語");
    }

    @Test
    void shouldNotDoubleALiteralEndWhereTheTextIsCut() {
        // Given
        String text = "a</s>a a a";

        // When
        Encoding encoding = tokenizer.tokenize(text, 3);

        // Then
        assertThat(encoding.ids()).containsExactly(4, 1);
        assertThat(encoding.truncatedTokens()).isEqualTo(3);
    }

    @Test
    void shouldReportNothingCutWhenOnlyALiteralEndWas() {
        // Given
        String text = "a</s>";

        // When
        Encoding encoding = tokenizer.tokenize(text, 2);

        // Then
        assertThat(encoding.ids()).containsExactly(4, 1);
        assertThat(encoding.truncatedTokens()).isZero();
        assertThat(encoding.truncatedText()).isEmpty();
    }

    @Test
    void shouldNormaliseCharactersBeyondTheBasicPlane() {
        // Given: mathematical bold "red", which NFKC turns into ASCII
        String text = "a \uD835\uDC2B\uD835\uDC1E\uD835\uDC1D ball";

        // When
        long[] ids = tokenizer.encode(text, 226);

        // Then
        assertThat(ids).isEqualTo(tokenizer.encode("a red ball", 226));
    }

    @Test
    void shouldKeepAnUnknownCharacterBeyondTheBasicPlaneAsItIs() {
        // Given
        String text = "a \uD83C\uDFAC ball";

        // When
        Encoding encoding = tokenizer.tokenize(text, 226);

        // Then
        assertThat(encoding.pieces()).contains("\uD83C\uDFAC");
        assertThat(encoding.ids()).contains(2);
    }

    @Test
    void shouldServeManyThreads() throws Exception {
        // Given
        String text = "a red ball moving left on a black background";
        long[] expected = tokenizer.encode(text, 226);
        ExecutorService threads = Executors.newFixedThreadPool(4);

        // When
        List<Callable<long[]>> calls = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            calls.add(() -> tokenizer.encode(text, 226));
        }
        try {
            // Then
            assertThat(threads.invokeAll(calls))
                    .allSatisfy(ids -> assertThat(ids.get()).isEqualTo(expected));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldRefuseADirectoryWithoutAVocabulary(@TempDir Path empty) {
        // When / Then
        assertThatThrownBy(() -> T5Tokenizer.open(empty, false))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining("neither spiece.model nor tokenizer.json");
    }

    @Test
    void shouldRefuseAVocabularyThatIsNoneOfSentencePiece(@TempDir Path directory) throws Exception {
        // Given
        Files.writeString(directory.resolve("spiece.model"), "not a protobuf");

        // When / Then
        assertThatThrownBy(() -> T5Tokenizer.open(directory, false))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining("spiece.model");
    }

    @Test
    void shouldRefuseTheOtherWayToCutAroundSpecialTokens(@TempDir Path directory) throws Exception {
        // Given
        Files.copy(TINY.resolve("spiece.model"), directory.resolve("spiece.model"));
        Files.writeString(directory.resolve("tokenizer_config.json"), "{\"legacy\": false}");

        // When / Then
        assertThatThrownBy(() -> T5Tokenizer.open(directory, false))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining("legacy (false)");
    }
}
