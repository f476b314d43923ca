package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher where the locale knows ASCII alone, as in cron, under systemd and in slim images. */
class LocaleIT {
    private static final String PROMPT = "一只熊猫, café, шар";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"LC_ALL=C", "LC_ALL=POSIX", "LANG=C", "LC_ALL=C LANG=en_US.UTF-8", ""})
    void shouldReadAndWriteUtf8InAnyLocale(String locale) throws Exception {
        // Given a model's directory, and a place for the video, whose names are beyond ASCII
        String script =
                """
                ln -s '%s' 模型
                env -i PATH="$PATH" ${JAVA_HOME+JAVA_HOME="$JAVA_HOME"} WORKER_CPU_PATHS=default %s '%s' \
                  generate '%s' --direct --model 模型 --frames 1 --steps 1 --json -o видео.mp4
                test -s видео.mp4
                """
                        .formatted(
                                Launched.HOME.resolve("models/cogvideox-tiny"),
                                locale,
                                Launched.HOME.resolve("text2video"),
                                PROMPT);

        // When
        Result result = bash(script);

        // Then
        assertThat(result.code()).as(result.out()).isZero();
        JsonNode video = new ObjectMapper().readTree(result.out());
        assertThat(video.path("prompt").asText()).isEqualTo(PROMPT);
        assertThat(video.path("model").asText()).isEqualTo("模型");
        assertThat(video.path("file").asText()).endsWith("/видео.mp4");
    }

    @Test
    void shouldRefuseAnArgumentThatIsNoUtf8() throws Exception {
        Result result = bash("'%s' tokenize $'caf\\xe9' 2>&1".formatted(Launched.HOME.resolve("text2video")));

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEqualTo("text2video: argument 2 is not UTF-8: caf\uFFFD\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker/standalone", "gateway", "worker"})
    void shouldRefuseToLoseLettersWithoutTheLauncher(String application) throws Exception {
        Path jar = Launched.HOME.resolve(application).resolve("target/quarkus-app/quarkus-run.jar");

        Result result = bash("LC_ALL=C '%s' -jar '%s' --help 2>&1"
                .formatted(ProcessHandle.current().info().command().orElseThrow(), jar));

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out())
                .startsWith("text2video: the locale's charset is ANSI_X3.4-1968")
                .contains("set LC_ALL=C.UTF-8")
                .hasLineCount(1);
    }

    /** The script is read as bytes, so that what the test's own locale is does not matter. */
    private Result bash(String script) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("script"), "set -e\n" + script);
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder("bash", file.toString())
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        return new Result(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
    }

    private record Result(int code, String out) {}
}
