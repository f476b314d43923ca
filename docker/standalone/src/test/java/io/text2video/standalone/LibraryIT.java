package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine as a library in a program of its own, as docs/08-library.md runs it. */
class LibraryIT {
    @TempDir
    Path directory;

    @Test
    void shouldDrawInAProgramWithoutQuarkusAndKafka() throws Exception {
        // Given the documented command, in a directory that looks like the project's
        String command = "java -cp \"$(./text2video class-path)\" examples/CogVideoX2b.java";
        assertThat(Files.readString(Launched.HOME.resolve("docs/08-library.md")))
                .contains("\n" + command + "\n");
        for (String name : new String[] {"text2video", "examples", "models"}) {
            Files.createSymbolicLink(directory.resolve(name), Launched.HOME.resolve(name));
        }
        Path script = Files.writeString(
                directory.resolve("script"),
                """
                set -e
                export XDG_CACHE_HOME="$PWD/cache"
                ./text2video class-path | tr : '\\n' >class-path
                %s
                """
                        .formatted(command));

        // When
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder("bash", script.toString())
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();

        // Then
        assertThat(process.exitValue()).isZero();
        Path video = directory.resolve("CogVideoX2b.mp4");
        assertThat(out).hasContent(video.toRealPath().toString());
        assertThat(DecodedVideo.read(video).frames()).hasSize(17);
        assertThat(directory.resolve("class-path"))
                .content()
                .contains("text2video-worker", "pytorch-native-cpu")
                .doesNotContain("/io.quarkus.", "/org.apache.kafka.", "/io.minio.", "/io.netty.");
    }
}
