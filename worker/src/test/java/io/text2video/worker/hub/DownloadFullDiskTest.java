package io.text2video.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Durations.ONE_MINUTE;

import io.text2video.worker.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up in the middle of a file: a real one, a tmpfs of 12 MB in a mount namespace of its own. */
@Tag("slow")
class DownloadFullDiskTest {
    private static final long FILLER = 6 << 20;

    @TempDir
    Path directory;

    @Test
    void shouldKeepWhatArrivedAndGoOnWhenThereIsRoom() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        String mount = "mount -t tmpfs -o size=12m tmpfs " + disk;
        Process attempt = new ProcessBuilder("unshare", "-rm", "sh", "-c", mount)
                .redirectErrorStream(true)
                .start();
        attempt.getInputStream().readAllBytes();
        assumeThat(attempt.waitFor()).as("a user may mount here").isZero();
        Path output = directory.resolve("output");

        Process process = FetchingProcess.start(
                List.of("unshare", "-rm", "sh", "-c", mount + " && exec \"$@\"", "sh"),
                DownloadFullDiskTest.class,
                output,
                disk.toString());

        assertThat(process.waitFor()).as(FetchingProcess.output(output)).isZero();
        assertThat(FetchingProcess.output(output)).contains("DISK_FULL", "kept", "complete");
    }

    /** Runs on the small disk: fills it while the largest file arrives, looks at what is left, makes room, goes on. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Path disk = Path.of(arguments[0]);
        Path filler = disk.resolve("filler");
        var cache = new HubCache(disk.resolve("hub"));
        var model = new ModelReference.Repository(CacheFixture.ID);
        byte[] weights = Files.readAllBytes(Reference.TINY_CHECKPOINT.resolve(CacheFixture.WEIGHTS));
        Path blobs = disk.resolve("hub/models--acme--CogVideoX-tiny/blobs");
        String etag = LocalRepository.etag(CacheFixture.WEIGHTS, weights);
        Path incomplete = blobs.resolve(etag + ".incomplete");
        long kept;
        try (var hub = new LocalHub()) {
            hub.publish(CacheFixture.ID, Reference.TINY_CHECKPOINT);
            hub.faults.afterPiece = name -> fill(name, hub, filler, incomplete);
            try {
                download(hub, disk, cache).fetch(model, DownloadListener.NONE);
                throw new IllegalStateException("the disk did not fill up");
            } catch (HubException e) {
                System.out.println(e.reason() + " " + e.getMessage());
            }
            kept = Files.size(incomplete);
            if (kept < FILLER / 8 || Files.exists(blobs.resolve(etag))) {
                throw new IllegalStateException("kept " + kept);
            }
            System.out.println("kept " + kept);
            Files.delete(filler);
        }
        // Another one: the first may still have had a piece on its way, and count it.
        try (var hub = new LocalHub()) {
            hub.publish(CacheFixture.ID, Reference.TINY_CHECKPOINT);
            Path snapshot = download(hub, disk, cache)
                    .fetch(model, DownloadListener.NONE)
                    .directory();
            boolean right = Files.mismatch(
                            snapshot.resolve(CacheFixture.WEIGHTS),
                            Reference.TINY_CHECKPOINT.resolve(CacheFixture.WEIGHTS))
                    < 0;
            if (!right || hub.sent.get(CacheFixture.WEIGHTS) != weights.length - kept) {
                throw new IllegalStateException("resumed wrongly: " + right + " " + hub.sent);
            }
            System.out.println("complete");
        }
        System.exit(0);
    }

    private static HubDownload download(LocalHub hub, Path disk, HubCache cache) throws IOException {
        var settings = HubSettings.of(Map.of("HF_ENDPOINT", hub.endpoint().toString(), "HF_HOME", disk.toString()));
        return new HubDownload(settings, cache, 1, Duration.ofMillis(1));
    }

    private static void fill(String name, LocalHub hub, Path filler, Path incomplete) {
        if (!name.equals(CacheFixture.WEIGHTS) || hub.sent.get(name) < 2_000_000 || Files.exists(filler)) {
            return;
        }
        // What is sent may still be on its way.
        Awaitility.await().atMost(ONE_MINUTE).until(() -> incomplete.toFile().length() >= FILLER / 8);
        try (var out = Files.newOutputStream(filler)) {
            for (int written = 0; written < FILLER * 2; written += 1 << 12) {
                out.write(new byte[1 << 12]);
            }
        } catch (IOException e) {
            System.out.println("filled: " + e.getMessage());
        }
    }
}
