package io.text2video.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMemoryTest {
    @TempDir
    Path directory;

    @Test
    void shouldReadTheKernelsCounters() throws IOException {
        // Given
        Files.writeString(
                directory.resolve("status"),
                """
                Name:	java
                VmHWM:	  293408 kB
                VmRSS:	  200000 kB
                RssAnon:	  146000 kB
                RssFile:	   53000 kB
                RssShmem:	    1000 kB
                """);

        // When
        ProcessMemory.Reading reading = new ProcessMemory(directory).read();

        // Then
        assertThat(reading).isEqualTo(new ProcessMemory.Reading(293_408L << 10, 146_000L << 10, 54_000L << 10));
        assertThat(reading.resident()).isEqualTo(200_000L << 10);
    }

    @Test
    void shouldSayWhatAKernelDoesNotCount() throws IOException {
        Files.writeString(directory.resolve("status"), "Name:	java\n");

        assertThatThrownBy(() -> new ProcessMemory(directory).read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has no VmHWM");
    }

    @Test
    void shouldSayWhetherThePeakStartsAgain() throws IOException {
        // Given a process that may not
        assertThat(new ProcessMemory(directory.resolve("gone")).resetPeak()).isFalse();

        // And one that may
        assertThat(new ProcessMemory(directory).resetPeak()).isTrue();
        assertThat(directory.resolve("clear_refs")).hasContent("5");
    }
}
