package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(Launched.HOME.resolve(module).resolve("src"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }
}
