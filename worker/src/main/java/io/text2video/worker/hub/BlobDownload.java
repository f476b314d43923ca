package io.text2video.worker.hub;

import io.text2video.worker.hub.HubException.Reason;
import io.text2video.worker.weights.InvalidSafetensorsException;
import io.text2video.worker.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Brings one file into the cache: to {@code blobs/<etag>.incomplete}, from where the last attempt got to, then checked,
 * then renamed. Safe across threads and processes, for each blob has a lock.
 */
final class BlobDownload {
    private final HubClient client;
    private final RepositoryFolder folder;
    private final DownloadRetries retries;
    private final ProgressCount progress;
    private final DiskSpace disk;

    BlobDownload(HubClient client, RepositoryFolder folder, DownloadRetries retries, ProgressCount progress) {
        this.client = client;
        this.folder = folder;
        this.retries = retries;
        this.progress = progress;
        this.disk = new DiskSpace(folder.blobs());
    }

    void fetch(RemoteFile file) throws IOException, InterruptedException {
        folder.createDirectories(folder.blobs());
        try (HubLock lock = HubLock.acquire(folder.lock(file.etag()))) {
            Path blob = folder.blob(file.etag());
            if (folder.holds(file.etag()) && Files.size(blob) == file.size()) {
                progress.found(file.size());
            } else {
                Path incomplete = folder.incomplete(file.etag());
                fill(file, incomplete);
                requireSafetensors(file, incomplete);
                Files.move(incomplete, blob, StandardCopyOption.ATOMIC_MOVE);
            }
            folder.link(file.commit(), file.name(), file.etag());
        }
        progress.completed();
    }

    /** A wrong content may be due to what an older, broken download left, so there is a second attempt from zero. */
    private void fill(RemoteFile file, Path incomplete) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 2; attempt++) {
            try (FileChannel out = FileChannel.open(
                    incomplete,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
                new Transfer(client, file, out, progress, disk).run(retries);
            }
            if (BlobHash.matches(incomplete, file.etag())) {
                return;
            }
            Files.delete(incomplete);
            progress.found(-file.size());
        }
        throw new HubException(
                Reason.CORRUPT,
                "%s arrived twice with another content than its hash %s says; nothing of it was kept"
                        .formatted(file.name(), file.etag()));
    }

    private static void requireSafetensors(RemoteFile file, Path content) throws IOException {
        if (!file.name().endsWith(".safetensors")) {
            return;
        }
        try {
            SafetensorsFile.read(content);
        } catch (InvalidSafetensorsException e) {
            Files.delete(content);
            throw new HubException(
                    Reason.UNUSABLE,
                    "%s is called safetensors and is not: %s".formatted(file.name(), e.getMessage()),
                    e);
        }
    }
}
