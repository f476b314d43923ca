package io.text2video.worker.weights;

import static io.text2video.worker.weights.CraftedSafetensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever stands in a header, only the declared exception comes out; run more with {@code -Dfuzz.mutations}. */
@Tag("slow")
class SafetensorsFuzzTest {
    private static final int MUTATIONS = Integer.getInteger("fuzz.mutations", 200_000);
    private static final long SEED = 20260131;
    private static final int DATA_LENGTH = 44;
    private static final String HEADER = "{\"__metadata__\":{\"format\":\"pt\"},"
            + tensor("blocks.0.norm.weight", "F32", "[2,4]", 0, 32) + ","
            + tensor("blocks.0.norm.bias", "F16", "[4]", 32, 40) + ","
            + tensor("step", "I32", "[]", 40, 44) + "}   ";

    /** What a mutation writes into a header beside random bytes: the tokens a parser decides on. */
    private static final String[] SPLICES = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u0000",
        "\\ud800",
        "-1",
        "0",
        "9223372036854775807",
        "1e999",
        "NaN",
        "null",
        "true",
        "9999999999999999999999",
        "\"dtype\"",
        "\"shape\":[",
        "\"F64\"",
        "[[[[[[[[",
        "{\"a\":{\"a\":{\"a\":"
    };

    @Test
    void shouldThrowNothingButTheDeclaredException() {
        // Given
        SplittableRandom random = new SplittableRandom(SEED);
        Path file = Path.of("fuzzed.safetensors");
        byte[] valid = HEADER.getBytes(StandardCharsets.UTF_8);
        int accepted = 0;

        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = mutate(valid, random);

            // When
            try {
                SafetensorsFile read = SafetensorsHeader.parse(file, mutated, DATA_LENGTH);

                // Then
                long end = Long.BYTES + mutated.length + DATA_LENGTH;
                assertThat(read.tensors().values()).allMatch(t -> t.offset() + t.byteLength() <= end);
                accepted++;
            } catch (InvalidSafetensorsException declared) {
                assertThat(declared.getMessage().length()).isLessThan(600);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("mutation " + i + ": " + new String(mutated, StandardCharsets.ISO_8859_1), e);
            }
        }
        // Some mutations only rename a tensor; were all or none accepted, nothing would have been tried.
        assertThat(accepted).isBetween(MUTATIONS / 1000, MUTATIONS / 2);
    }

    private static byte[] mutate(byte[] valid, SplittableRandom random) {
        byte[] bytes = valid.clone();
        for (int n = random.nextInt(1, 4); n > 0 && bytes.length > 0; n--) {
            int at = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, at + random.nextInt(1, 24));
            bytes = switch (random.nextInt(6)) {
                case 0 -> splice(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)});
                case 1 -> splice(bytes, at, at, text(SPLICES[random.nextInt(SPLICES.length)]));
                case 2 -> splice(bytes, at, to, text(SPLICES[random.nextInt(SPLICES.length)]));
                case 3 -> splice(bytes, at, to, new byte[0]);
                case 4 -> splice(bytes, at, at, splice(bytes, 0, at, new byte[0]));
                default -> splice(bytes, at, bytes.length, new byte[0]);
            };
        }
        return bytes;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] replacement) {
        byte[] result = new byte[bytes.length - (to - from) + replacement.length];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(replacement, 0, result, from, replacement.length);
        System.arraycopy(bytes, to, result, from + replacement.length, bytes.length - to);
        return result;
    }
}
