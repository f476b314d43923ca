package io.text2video.worker.hub;

import io.text2video.worker.hub.HubException.Reason;
import io.text2video.worker.hub.ModelReference.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Fetches what of a model is missing in the cache, and only what the pipeline reads. Immutable; safe across threads and
 * beside other processes that do the same, {@code hf download} included. A thread that waits in {@link #fetch} can be
 * interrupted; what has arrived by then is where the next one goes on.
 */
public final class HubDownload {
    public static final int DEFAULT_WORKERS = 4;

    private final HubSettings settings;
    private final HubCache cache;
    private final int workers;
    private final Duration firstWait;

    /** @param workers files at once */
    public HubDownload(HubSettings settings, HubCache cache, int workers) {
        this(settings, cache, workers, DownloadRetries.FIRST_WAIT);
    }

    /** @param firstWait before the first repetition of a request that failed */
    HubDownload(HubSettings settings, HubCache cache, int workers, Duration firstWait) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be positive, but are " + workers);
        }
        this.settings = settings;
        this.cache = cache;
        this.workers = workers;
        this.firstWait = firstWait;
    }

    /**
     * What {@link #fetch} did.
     *
     * @param commit what the revision stands for
     * @param directory the complete snapshot
     * @param files how many had to be fetched or linked; 0 when the model was complete
     * @param fetchedBytes over the network
     */
    public record Result(String commit, Path directory, int files, long fetchedBytes) {}

    /**
     * Fetches what is missing. A pinned commit that is complete costs no connection.
     *
     * @throws HubException when the model cannot be had; the reason tells why
     * @throws IOException when the cache cannot be read
     * @throws InterruptedException when the thread is interrupted
     */
    public Result fetch(Repository repository, DownloadListener listener) throws IOException, InterruptedException {
        Optional<Path> complete =
                repository.pinned() || settings.offline() ? cache.complete(repository) : Optional.empty();
        if (complete.isPresent()) {
            return new Result(complete.get().getFileName().toString(), complete.get(), 0, 0);
        }
        if (settings.offline()) {
            throw new HubException(
                    Reason.OFFLINE,
                    "%s is not complete in the cache %s, and HF_HUB_OFFLINE forbids to fetch it"
                            .formatted(repository, cache.directory()));
        }
        HubClient client = new HubClient(settings, repository);
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        try {
            return fetch(repository, client, threads, new ProgressCount(listener));
        } catch (IOException e) {
            throw DiskSpace.isFull(e) ? new DiskSpace(cache.directory()).failure(e) : e;
        } finally {
            // In this order: what a cancelled request throws must not be taken for a failure that may pass.
            threads.shutdownNow();
            client.cancel();
            threads.awaitTermination(1, TimeUnit.MINUTES);
            client.close();
        }
    }

    private Result fetch(Repository repository, HubClient client, ExecutorService threads, ProgressCount progress)
            throws IOException, InterruptedException {
        DownloadRetries retries = new DownloadRetries(firstWait);
        RepositoryFolder folder = cache.folder(repository);
        Callable<Listing> list = () -> retries.call(settings.endpoint() + " cannot be reached", client::listing);
        Listing listing = inParallel(threads, List.of(list)).get(0);
        String commit = listing.commit();
        Repository pinned = new Repository(repository.id(), commit);
        int files = 0;
        if (cache.complete(pinned).isEmpty()) {
            BlobDownload download = new BlobDownload(client, folder, retries, progress);
            Function<List<String>, List<Callable<RemoteFile>>> heads = names -> names.stream()
                    .<Callable<RemoteFile>>map(
                            name -> () -> retries.call(name + " cannot be looked up", () -> client.file(commit, name)))
                    .toList();
            List<String> descriptions = PipelineFiles.descriptions(repository.id(), listing.files());
            fetchAll(inParallel(threads, heads.apply(descriptions)), download, folder, threads, progress);
            List<String> weights = PipelineFiles.weights(repository.id(), listing.files(), folder.snapshot(commit));
            fetchAll(inParallel(threads, heads.apply(weights)), download, folder, threads, progress);
            files = descriptions.size() + weights.size();
        }
        Path snapshot = cache.snapshot(pinned);
        // Last: until now the revision has meant what is complete.
        folder.writeRef(repository.revision(), commit);
        return new Result(commit, snapshot, files, progress.fetched());
    }

    private static void fetchAll(
            List<RemoteFile> files,
            BlobDownload download,
            RepositoryFolder folder,
            ExecutorService threads,
            ProgressCount progress)
            throws IOException, InterruptedException {
        long all = 0;
        long missing = 0;
        for (RemoteFile file : files) {
            all += file.size();
            // In this order: another process may complete the file meanwhile, which makes the one the other.
            long here = here(folder.incomplete(file.etag()));
            missing += Files.exists(folder.blob(file.etag())) ? 0 : Math.max(0, file.size() - here);
        }
        folder.createDirectories(folder.blobs());
        new DiskSpace(folder.blobs()).require(missing);
        progress.expect(all, files.size());
        List<Callable<Void>> downloads = new ArrayList<>();
        for (RemoteFile file : files) {
            downloads.add(() -> {
                download.fetch(file);
                return null;
            });
        }
        inParallel(threads, downloads);
    }

    private static long here(Path incomplete) throws IOException {
        try {
            return Files.size(incomplete);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Ends at the first failure; what else is under way ends with the threads. */
    private static <T> List<T> inParallel(ExecutorService threads, List<Callable<T>> tasks)
            throws IOException, InterruptedException {
        CompletionService<T> completion = new ExecutorCompletionService<>(threads);
        tasks.forEach(completion::submit);
        List<T> results = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            try {
                results.add(completion.take().get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException failure) {
                    throw failure;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
        return results;
    }
}
