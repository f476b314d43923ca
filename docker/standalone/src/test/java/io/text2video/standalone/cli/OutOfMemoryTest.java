package io.text2video.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.weights.SafetensorsDtype;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory that really runs out: the kernel refuses it to a process whose address space is limited. */
@Tag("slow")
class OutOfMemoryTest {
    private static final RandomCheckpoint WIDE_TRANSFORMER =
            new RandomCheckpoint(24, 1, 2, List.of(8, 16, 24), SafetensorsDtype.F32);

    /** Of two videos' tokens, 226 of text and 21 frames of 36, 1536 wide in fp32. */
    private static final long STREAM = 2L * (226 + 21 * 36) * 1536 * Float.BYTES;

    @TempDir
    Path directory;

    @Test
    void shouldRunInLessMemoryOrFailAndGoOn() throws Exception {
        // Given room for six tensors of the stream where eight are needed, or four in two passes; and then for one.
        // What the process held and no longer uses is room too, on some machines for one tensor more.
        Path model = WIDE_TRANSFORMER.write(directory.resolve("model"));
        List<String> arguments = List.of(model.toString(), Long.toString(6 * STREAM), Long.toString(STREAM));

        // When
        String out = MeasuredCommand.run(
                OutOfMemoryCommand.class,
                directory,
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-Dorg.jboss.logging.provider=jdk"),
                // What is freed leaves the address space at once, which is what is limited here.
                Map.of(
                        "MALLOC_ARENA_MAX", "1",
                        "MALLOC_MMAP_THRESHOLD_", "1048576",
                        "MALLOC_TRIM_THRESHOLD_", "1048576"),
                arguments);

        // Then
        Map<String, String> lines = Pattern.compile("(?m)^(large|tight|tighter|small again): (.*)$")
                .matcher(out)
                .results()
                .collect(Collectors.toMap(match -> match.group(1), match -> match.group(2)));
        assertThat(lines.get("large")).as(out).matches("-?\\d+");
        assertThat(lines.get("tight")).as(out).matches("-?\\d+");
        assertThat(out).contains("memory ran out, runs again run=whole then=guidance in two passes");
        assertThat(lines.get("tighter"))
                .as(out)
                .startsWith("memory ran out at 96x96 with 81 frames (guidance in two passes); ask for");
        assertThat(lines.get("small again")).as(out).isEqualTo("true");
    }
}
