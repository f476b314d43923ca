package io.text2video.worker.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanedFilesTest {
    @TempDir
    Path directory;

    @Test
    void shouldRemoveWhatAKilledProcessLeft() throws Exception {
        // Given a process that makes a video
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Making.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Path video = Path.of(other.inputReader().readLine());

        // When a worker starts beside it, then the video stays
        OrphanedFiles.remove(directory);
        assertThat(video).exists();

        // When one starts after it was killed, then all of it goes
        other.destroyForcibly().waitFor();
        OrphanedFiles.remove(directory);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldRemoveWhatAPredecessorOfTheSameNumberLeft() throws Exception {
        // Given what a process left that had this one's number, as each has in a container
        Path left = Files.createDirectory(
                directory.resolve(VideoFiles.PREFIX + ProcessHandle.current().pid() + "-1"));
        Files.writeString(left.resolve("video.mp4"), "half a video");

        // When
        OrphanedFiles.remove(directory);

        // Then
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldKeepWhatThisProcessMakesAndWhatIsNotOurs() throws Exception {
        // Given
        Path others = Files.createDirectory(directory.resolve("text2video-services-1"));
        try (VideoFiles mine = VideoFiles.make(directory)) {
            Files.writeString(mine.mp4(), "half a video");

            // When it is looked at twice: the first look must not give the lock up
            OrphanedFiles.remove(directory);
            OrphanedFiles.remove(directory);

            // Then
            assertThat(mine.mp4()).exists();
        }
        assertThat(directory).isDirectoryContaining(others::equals);
        assertThat(directory.toFile().list()).hasSize(1);
    }

    /** Makes a video until it is killed. */
    static final class Making {
        private Making() {}

        public static void main(String... arguments) throws IOException {
            VideoFiles files = VideoFiles.make(Path.of(arguments[0]));
            System.out.println(Files.writeString(files.mp4(), "half a video"));
            while (System.in.read() >= 0) {
                // Until then.
            }
        }
    }
}
