package io.text2video.worker.weights;

import static io.text2video.worker.weights.CraftedSafetensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsRefusalTest {
    private static final String FLOATS = tensor("a", "F32", "[2]", 0, 8);

    @TempDir
    Path directory;

    static Stream<Arguments> headers() {
        return Stream.of(
                arguments("hole before", "{" + tensor("a", "F32", "[2]", 4, 12) + "}", 12, "there is a hole"),
                arguments(
                        "hole between",
                        "{" + FLOATS + "," + tensor("b", "F32", "[1]", 12, 16) + "}",
                        16,
                        "tensor b begins at 12 where the one before ends at 8: there is a hole"),
                arguments(
                        "overlap",
                        "{" + FLOATS + "," + tensor("b", "F32", "[2]", 4, 12) + "}",
                        12,
                        "tensor b begins at 4 where the one before ends at 8: they overlap"),
                arguments("short data", "{" + FLOATS + "}", 7, "holds 7 bytes of data but its tensors take 8"),
                arguments("long data", "{" + FLOATS + "}", 9, "holds 9 bytes of data but its tensors take 8"),
                arguments(
                        "wrong size",
                        "{" + tensor("a", "F16", "[2]", 0, 8) + "}",
                        8,
                        "tensor a takes 8 bytes but its shape and dtype need 4"),
                arguments(
                        "overflow",
                        "{" + tensor("a", "F64", "[4294967296,4294967296]", 0, 0) + "}",
                        0,
                        "overflows 64 bits"),
                arguments(
                        "beyond 64 bits",
                        "{" + tensor("a", "U8", "[18446744073709551616]", 0, 0) + "}",
                        0,
                        "out of range"),
                arguments(
                        "negative dimension", "{" + tensor("a", "U8", "[-1]", 0, 0) + "}", 0, "the negative value -1"),
                arguments("fraction", "{" + tensor("a", "U8", "[1.5]", 0, 1) + "}", 1, "VALUE_NUMBER_FLOAT"),
                arguments("backwards", "{" + tensor("a", "U8", "[1]", 1, 0) + "}", 1, "[1, 0]"),
                arguments("unknown dtype", "{" + tensor("a", "F4", "[1]", 0, 1) + "}", 1, "the unknown dtype F4"),
                arguments("duplicate name", "{" + FLOATS + "," + FLOATS + "}", 8, "Duplicate field 'a'"),
                arguments("unknown field", "{\"a\":{\"pickle\":1}}", 0, "the unknown field pickle"),
                arguments("missing field", "{\"a\":{\"dtype\":\"U8\",\"shape\":[]}}", 0, "lacks data_offsets"),
                arguments(
                        "metadata of numbers", "{\"__metadata__\":{\"a\":1}}", 0, "__metadata__.a is VALUE_NUMBER_INT"),
                arguments("nested", "{\"a\":{\"shape\":[[[[1]]]]}}", 0, "nesting depth"),
                arguments("array", "[]", 0, "does not start with '{'"),
                arguments("leading space", " {}", 0, "does not start with '{'"),
                arguments("cut", "{\"a\":", 0, "not valid JSON"),
                arguments("two objects", "{}{}", 0, "START_OBJECT after the header's object"),
                arguments("empty", "", 0, "does not start with '{'"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("headers")
    void shouldRefuseAMalformedHeader(String what, String header, int dataLength, String message) throws Exception {
        // Given
        Path file = CraftedSafetensors.write(directory.resolve("model.safetensors"), header, dataLength);

        // When / Then
        assertThatThrownBy(() -> SafetensorsFile.read(file))
                .as(what)
                .isInstanceOf(InvalidSafetensorsException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining(message);
    }

    @Test
    void shouldRefuseAHeaderThatIsNotUtf8() throws Exception {
        // Given
        byte[] header = {'{', '"', (byte) 0xff, '"', ':', '1', '}'};
        Path file = Files.write(directory.resolve("a.safetensors"), CraftedSafetensors.bytes(header, 0));

        // When / Then
        assertThatThrownBy(() -> SafetensorsFile.read(file))
                .isInstanceOf(InvalidSafetensorsException.class)
                .hasMessageContaining("not UTF-8");
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void shouldRefuseALengthThatCannotBe(long length, String message) throws Exception {
        // Given
        Path file = Files.write(directory.resolve("a.safetensors"), start(length));

        // When / Then
        assertThatThrownBy(() -> SafetensorsFile.read(file))
                .isInstanceOf(InvalidSafetensorsException.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> lengths() {
        return Stream.of(
                arguments(-1L, "claims a header of 18446744073709551615 bytes"),
                arguments(Long.MAX_VALUE, "at most 100000000 are allowed"),
                arguments(100_000_001L, "at most 100000000 are allowed"),
                arguments(100_000_000L, "claims a header of 100000000 bytes but has 16 in all"),
                // "PK\3\4" and a protocol-2 pickle, as torch.save writes them
                arguments(0x0808_0000_0403_4b50L, "it is a zip archive"),
                arguments(0x469c_fc6c_0a8a_0280L, "it is a pickle"));
    }

    @Test
    void shouldRefuseAFileTooShortForALength() throws Exception {
        // Given
        Path file = Files.write(directory.resolve("a.safetensors"), new byte[7]);

        // When / Then
        assertThatThrownBy(() -> SafetensorsFile.read(file))
                .isInstanceOf(InvalidSafetensorsException.class)
                .hasMessageContaining("has 7 bytes");
    }

    @Test
    void shouldRefuseAHeaderThatWouldFillTheHeap() throws Exception {
        // Given: entries of a few bytes each that cost a hundred as objects
        String entries =
                IntStream.range(0, 70_000).mapToObj(i -> "\"" + i + "\":\"\"").collect(Collectors.joining(","));
        Path file =
                CraftedSafetensors.write(directory.resolve("a.safetensors"), "{\"__metadata__\":{" + entries + "}}", 0);

        // When / Then
        assertThatThrownBy(() -> SafetensorsFile.read(file))
                .isInstanceOf(InvalidSafetensorsException.class)
                .hasMessageContaining("more metadata than 65536 entries");
    }

    @Test
    void shouldRefuseADirectory() {
        // When / Then
        assertThatThrownBy(() -> SafetensorsFile.read(directory))
                .isInstanceOf(InvalidSafetensorsException.class)
                .hasMessageContaining("not a regular file");
    }

    @Test
    void shouldKeepAHostileNameFromWritingLogLines() throws Exception {
        // Given
        String header = "{\"a\\nERROR all is lost\":1}";
        Path file = CraftedSafetensors.write(directory.resolve("a.safetensors"), header, 0);

        // When / Then
        assertThatThrownBy(() -> SafetensorsFile.read(file))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private static byte[] start(long length) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
    }
}
