package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A generate leaves its classes, and its worker's, for the next start: those of all other tests, too. */
@Tag("first")
class KeptClassesIT {
    private static final Pattern KEPT =
            Pattern.compile("(?m)^\\S*\\[class,load] (io\\.text2video\\.\\S+) source: shared objects file \\(top\\)$");

    @TempDir
    Path directory;

    @Test
    void shouldStartFromTheClassesOfAnEarlierGenerate() throws Exception {
        // Given one after the build, at the latest this one
        generate("first.mp4", List.of());

        // When both programs write down where their classes come from
        generate("second.mp4", List.of("-Xlog:class+load:file=" + directory + "/%p.classes"));

        // Then
        Set<String> kept = new HashSet<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".classes")).toList()) {
                Matcher line = KEPT.matcher(Files.readString(file));
                while (line.find()) {
                    kept.add(line.group(1));
                }
            }
        }
        assertThat(kept)
                .contains(
                        "io.text2video.standalone.cli.GenerateCommand",
                        "io.text2video.gateway.commands.Submission",
                        "io.text2video.worker.app.WorkerCommand",
                        "io.text2video.worker.jobs.JobRunner");
    }

    private void generate(String file, List<String> options) throws IOException, InterruptedException {
        String java = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 " + String.join(" ", options);
        try (var generate = Launched.start(
                Map.of("TEXT2VIDEO_JAVA_OPTS", java),
                "generate",
                "a red ball",
                "--steps",
                "1",
                "-o",
                directory.resolve(file).toString())) {
            assertThat(generate.exitCode()).as(generate.err()).isZero();
        }
        assertThat(directory.resolve(file)).isNotEmptyFile();
    }
}
