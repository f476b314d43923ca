package io.text2video.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several at once come to one right cache, and fetch nothing twice. */
@Tag("slow")
class ConcurrentDownloadTest extends CacheFixture {
    private static final int THREADS = 4;

    @Test
    void shouldFetchOnceForAllThreads() throws Exception {
        var threads = Executors.newFixedThreadPool(THREADS);
        List<Callable<HubDownload.Result>> fetches = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            fetches.add(this::fetch);
        }

        for (Future<HubDownload.Result> result : threads.invokeAll(fetches)) {
            assertRight(result.get().directory());
        }

        threads.shutdown();
        assertNothingTwice();
    }

    @Test
    void shouldFetchOnceForAllProcesses() throws Exception {
        // Given a process that is in the middle of a file, and that the hub keeps waiting there
        var inTheMiddle = new CountDownLatch(1);
        var resume = new CountDownLatch(1);
        hub.faults.afterPiece = name -> {
            if (name.equals(WEIGHTS)) {
                inTheMiddle.countDown();
                try {
                    resume.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        Path output = directory.resolve("output");
        Process other = FetchingProcess.start(
                List.of(),
                FetchingProcess.class,
                output,
                ID,
                cache.directory().toString(),
                hub.endpoint().toString());
        inTheMiddle.await();

        // When another one comes and has to wait for its lock
        var thread = Executors.newSingleThreadExecutor();
        Future<HubDownload.Result> fetching = thread.submit(this::fetch);
        resume.countDown();

        // Then
        assertThat(other.waitFor()).as(FetchingProcess.output(output)).isZero();
        assertRight(fetching.get().directory());
        thread.shutdown();
        assertNothingTwice();
    }

    @Test
    void shouldAcceptASnapshotThatAnotherProcessLinksAnew() throws Exception {
        // Given a complete model, one of whose links is written again and again, each time by way of a temporary one
        Path snapshot = fetch().directory();
        Path link = snapshot.resolve("model_index.json");
        Path target = Files.readSymbolicLink(link);
        var thread = Executors.newSingleThreadExecutor();
        Future<?> writing = thread.submit(() -> {
            for (int round = 0; round < 100; round++) {
                List<Path> fresh = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    Path temporary = link.resolveSibling("." + link.getFileName() + "." + i + ".tmp");
                    fresh.add(Files.createSymbolicLink(temporary, target));
                }
                for (Path temporary : fresh) {
                    Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE);
                }
            }
            return null;
        });

        // When it is looked at meanwhile, then it is whole each time
        while (!writing.isDone()) {
            assertThat(cache.snapshot(MODEL)).isEqualTo(snapshot);
        }
        writing.get();
        thread.shutdown();
    }

    private void assertNothingTwice() {
        hub.sent.forEach((name, bytes) ->
                assertThat(bytes).as(name).isEqualTo(published.files().get(name).length));
    }
}
