package io.text2video.worker.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That it refuses, .ci/images shows: a mount takes a root. */
class UnpackedNativesTest {
    @Test
    void shouldLeaveNothingWhereLibrariesCanBeLoaded(@TempDir Path home) {
        UnpackedNatives.requireExecutable(home);

        assertThat(home).isEmptyDirectory();
    }

    @Test
    void shouldLeaveItToTheLibrariesWhereNothingCanBeWritten(@TempDir Path home) {
        assertThatCode(() -> UnpackedNatives.requireExecutable(home.resolve("none")))
                .doesNotThrowAnyException();
    }
}
