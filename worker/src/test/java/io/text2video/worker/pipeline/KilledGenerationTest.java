package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that is killed at step 37 of 50, and another one that goes on from what it left behind. */
@Tag("slow")
@Tag("alone")
class KilledGenerationTest {
    private static final int STEPS = 50;
    private static final int KILLED_AFTER = 37;
    private static final int NEVER = 0;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "5b"})
    void shouldComeToTheSameFramesInAnotherProcess(String kind) throws IOException, InterruptedException {
        // Given
        Path model = kind.equals("tiny") ? Reference.TINY_CHECKPOINT : Reference.checkpoint(kind);
        Path states = Files.createDirectory(directory.resolve("states"));
        Process killed = DrawingProcess.start(model.toString(), STEPS, KILLED_AFTER, states);
        List<String> begun;
        try (BufferedReader output = killed.inputReader()) {
            begun = said(output)
                    .takeWhile(line -> !line.equals("step " + KILLED_AFTER))
                    .toList();
        } finally {
            killed.destroyForcibly().waitFor();
        }

        // When
        List<String> resumed = lines(model, states);

        // Then
        List<String> whole = lines(model, Files.createDirectory(directory.resolve("none")));
        assertThat(begun).hasSize(KILLED_AFTER);
        assertThat(whole).hasSize(1 + STEPS + 1).startsWith(begun.get(0));
        assertThat(resumed)
                .startsWith(begun.get(0), "resumed 35", "step 35", "step 36")
                .hasSize(3 + STEPS - 35 + 1);
        assertThat(resumed.get(resumed.size() - 1)).startsWith("frames ").isEqualTo(whole.get(whole.size() - 1));
    }

    private static List<String> lines(Path model, Path states) throws IOException, InterruptedException {
        Process process = DrawingProcess.start(model.toString(), STEPS, NEVER, states);
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = process.inputReader()) {
            said(output).forEach(lines::add);
        }
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    /** Which computation it is, and what was done of it. */
    private static Stream<String> said(BufferedReader output) {
        return output.lines().filter(line -> line.matches("(computation|step|resumed|frames) .*"));
    }
}
