package io.text2video.standalone.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void shouldWarnOfADiskThatIsAlmostFull() {
        assertThat(DataDirectory.warning(directory, 120L << 20))
                .hasValueSatisfying(warning -> assertThat(warning).startsWith("only 120 MiB are free in " + directory));
        assertThat(DataDirectory.warning(directory, 1L << 30)).isEmpty();
    }

    @Test
    void shouldGoWhenItIsTemporary() throws Exception {
        Path path;
        try (var temporary = new DataDirectory(null)) {
            path = temporary.path();
            assertThat(path).isDirectory();
        }

        assertThat(path).doesNotExist();
    }

    @Test
    void shouldStayWhenItIsWanted() throws Exception {
        try (var wanted = new DataDirectory(directory.resolve("a/b"))) {
            assertThat(wanted.path()).isDirectory();
        }

        assertThat(directory.resolve("a/b")).isDirectory();
    }
}
