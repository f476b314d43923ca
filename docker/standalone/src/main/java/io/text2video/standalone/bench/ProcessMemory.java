package io.text2video.standalone.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The resident memory of this process, as the kernel counts it. Source: {@code proc(5)}, {@code status} and
 * {@code clear_refs}.
 */
final class ProcessMemory {
    private static final String RESET_PEAK = "5";

    private final Path directory;

    /** @param directory {@code /proc/self}, or one laid out like it */
    ProcessMemory(Path directory) {
        this.directory = directory;
    }

    /**
     * What is resident at one moment, in bytes.
     *
     * @param peak the most that was resident since the process started or {@link #resetPeak} was called
     * @param anonymous the process's own
     * @param file pages of mapped files, which the kernel may drop and read again
     */
    record Reading(long peak, long anonymous, long file) {
        long resident() {
            return anonymous + file;
        }
    }

    /** @throws IOException where the kernel does not tell */
    Reading read() throws IOException {
        List<String> status = Files.readAllLines(directory.resolve("status"));
        return new Reading(
                bytes(status, "VmHWM:"),
                bytes(status, "RssAnon:"),
                bytes(status, "RssFile:") + bytes(status, "RssShmem:"));
    }

    /**
     * Lets the peak start again from what is resident now.
     *
     * @return whether the kernel did; some containers do not let it
     */
    boolean resetPeak() {
        try {
            Files.writeString(directory.resolve("clear_refs"), RESET_PEAK);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private long bytes(List<String> status, String name) throws IOException {
        for (String line : status) {
            if (line.startsWith(name)) {
                return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("%s has no %s the kernel does not count this process's memory"
                .formatted(directory.resolve("status"), name));
    }
}
