package io.text2video.worker.hub;

import io.text2video.worker.hub.HubException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Room for what is to be fetched into a directory. */
record DiskSpace(Path directory) {
    private static final double GIB = 1L << 30;

    /** @throws HubException when there is less than is needed */
    void require(long bytes) throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free < bytes) {
            throw new HubException(
                    Reason.DISK_FULL,
                    String.format(
                            Locale.ROOT,
                            "%.2f GiB are to be fetched and %s has %.2f GiB free; make room, or --cache-dir or HF_HUB_CACHE names another place",
                            bytes / GIB,
                            directory,
                            free / GIB));
        }
    }

    /** What a failed write means. Java has no type for a full disk, so the system's text tells. */
    HubException failure(IOException failure) {
        if (isFull(failure)) {
            return new HubException(
                    Reason.DISK_FULL,
                    "the disk of %s is full; make room and start again: what has arrived is kept".formatted(directory),
                    failure);
        }
        return new HubException(
                Reason.CACHE_UNUSABLE,
                "%s cannot be written: %s".formatted(directory, Printable.of(failure.getMessage())),
                failure);
    }

    static boolean isFull(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        return text.contains("No space left") || text.contains("quota exceeded");
    }
}
