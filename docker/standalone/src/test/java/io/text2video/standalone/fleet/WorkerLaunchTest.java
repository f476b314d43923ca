package io.text2video.standalone.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerLaunchTest {
    private static final Instant BUILT = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path home;

    private Path application;

    @BeforeEach
    void build() throws IOException {
        application = file("worker/target/quarkus-app/quarkus-run.jar", BUILT);
    }

    @Test
    void shouldStartTheApplicationWhereNoLauncherPreparedAnything() throws Exception {
        assertThat(command()).endsWith("-jar", application.toString());
    }

    @Test
    void shouldStartFromTheClassesThatWereKept() throws Exception {
        Path classPath = file("docker/standalone/target/launch/worker.args", BUILT);
        Path archive = file("docker/standalone/target/launch/worker.jsa", BUILT.plusSeconds(60));

        assertThat(command()).endsWith("-XX:SharedArchiveFile=" + archive, "@" + classPath);
    }

    @Test
    void shouldFindTheApplicationOfARelease() throws Exception {
        Path released = file("lib/worker/quarkus-run.jar", BUILT);
        assertThat(command()).endsWith("-jar", released.toString());

        Path classPath = file("lib/launch/worker.args", BUILT);
        Path archive = file("lib/launch/worker.jsa", BUILT.plusSeconds(60));
        assertThat(command()).endsWith("-XX:SharedArchiveFile=" + archive, "@" + classPath);
    }

    @Test
    void shouldNotTakeClassesOfAnEarlierBuild() throws Exception {
        Path classPath = file("docker/standalone/target/launch/worker.args", BUILT);
        file("docker/standalone/target/launch/worker.jsa", BUILT.minusSeconds(60));

        assertThat(command()).endsWith("@" + classPath).noneMatch(argument -> argument.contains("SharedArchiveFile"));
    }

    @Test
    void shouldNotTakeKeptClassesWhereItIsToKeepItsOwn() throws Exception {
        Path classPath = file("docker/standalone/target/launch/worker.args", BUILT);
        file("docker/standalone/target/launch/worker.jsa", BUILT.plusSeconds(60));
        System.setProperty("text2video.class-archive", home.toString());

        try {
            assertThat(command())
                    .endsWith("@" + classPath)
                    .noneMatch(argument -> argument.contains("SharedArchiveFile"));
        } finally {
            System.clearProperty("text2video.class-archive");
        }
    }

    private List<String> command() throws IOException {
        return WorkerLaunch.of(home, home, Map.of("worker.enabled", "true")).command();
    }

    private Path file(String name, Instant modified) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
        return Files.setLastModifiedTime(file, FileTime.from(modified));
    }
}
