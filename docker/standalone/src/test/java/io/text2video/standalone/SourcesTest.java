package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the sources of all modules. */
class SourcesTest {
    private static final List<String> MODULES =
            List.of("common", "gateway", "worker", "docker/embedded", "docker/standalone");

    @Test
    void shouldNameNoClassTwice() throws IOException {
        Map<String, List<Path>> byName = sources().stream()
                .filter(source -> !source.endsWith("package-info.java"))
                .collect(Collectors.groupingBy(source -> source.getFileName().toString()));

        assertThat(byName).hasSizeGreaterThan(MODULES.size());
        assertThat(byName).allSatisfy((name, sources) -> assertThat(sources).hasSize(1));
    }

    @Test
    void shouldHideNoneFromGit() throws Exception {
        assumeThat(Launched.HOME.resolve(".git")).exists();
        String files = files().stream()
                .filter(file -> !file.toString().contains("__pycache__"))
                .map(Path::toString)
                .collect(Collectors.joining("\n"));

        Process git = new ProcessBuilder("git", "check-ignore", "--no-index", "--stdin")
                .directory(Launched.HOME.toFile())
                .redirectErrorStream(true)
                .start();
        git.outputWriter().append(files).close();

        assertThat(git.inputReader().lines()).isEmpty();
        assertThat(git.waitFor()).as("1 for no match").isEqualTo(1);
    }

    private static List<Path> sources() throws IOException {
        return files().stream()
                .filter(file -> file.toString().endsWith(".java"))
                .toList();
    }

    private static List<Path> files() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(Launched.HOME.resolve(module).resolve("src"))) {
                files.filter(Files::isRegularFile).forEach(found::add);
            }
        }
        return found;
    }
}
