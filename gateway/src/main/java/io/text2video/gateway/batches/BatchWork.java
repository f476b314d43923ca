package io.text2video.gateway.batches;

import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import io.text2video.common.job.BatchId;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.gateway.commands.BrokerUnavailableException;
import io.text2video.gateway.commands.Cancellation;
import io.text2video.gateway.commands.Submission;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.ViewUnavailableException;
import io.text2video.gateway.storage.Batch;
import io.text2video.gateway.storage.StoreUnavailableException;
import io.text2video.gateway.storage.StoredBatches;
import io.text2video.kafka.ServiceThread;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Submits the requests of batches, and cancels the jobs of those that nobody wants: those that this gateway was given, one after the
 * other, and those that another one has left. All may be done twice, by two gateways at once: a job that is known is not submitted
 * again, and an id that comes twice is one job. Owns a thread.
 */
public final class BatchWork extends ServiceThread {
    private static final Logger LOG = Logger.getLogger(BatchWork.class);

    /** Requests at once: a part of those that may wait for the broker, so that others find room. */
    private static final int AT_ONCE = 64;

    private final StoredBatches batches;
    private final Submission submission;
    private final Cancellation cancellation;
    private final JobView view;
    private final Duration left;
    private final BlockingQueue<BatchId> given = new LinkedBlockingQueue<>();

    /** When the batch that is worked at was last marked. */
    private Instant marked = Instant.EPOCH;

    /** @param left after how long without a mark another gateway's batch is gone on with */
    BatchWork(StoredBatches batches, Submission submission, Cancellation cancellation, JobView view, Duration left) {
        super("batches");
        this.batches = batches;
        this.submission = submission;
        this.cancellation = cancellation;
        this.view = view;
        this.left = left;
    }

    /** Has it worked at. It is marked as open. */
    public void add(BatchId id) {
        given.add(id);
    }

    @Override
    protected void doWork() throws InterruptedException {
        BatchId mine = given.poll(left.toMillis() / 2, TimeUnit.MILLISECONDS);
        try {
            for (BatchId id : mine == null ? batches.leftSince(Instant.now().minus(left), 1) : List.of(mine)) {
                work(id);
            }
        } catch (IOException | StoreUnavailableException | BrokerUnavailableException | ViewUnavailableException e) {
            if (!isClosing()) {
                LOG.warnf("batch waits batch=%s reason=%s", mine, e.getMessage());
                // After those that were given since. If this gateway ends, another one finds it open.
                if (mine != null) {
                    given.add(mine);
                }
                pause(Duration.ofSeconds(1));
            }
        }
    }

    /** The batch stays open: some gateway will try again. */
    @Override
    protected boolean survives(Throwable failure) {
        return failure instanceof Exception;
    }

    private void work(BatchId id) throws IOException {
        batches.markOpen(id);
        marked = Instant.now();
        var batch = batches.read(id);
        if (batch.isPresent()) {
            submit(batch.get());
            // It may have been cancelled since the last request: then its jobs are all known here, or to whoever works
            // at it too.
            if (batches.isCancelled(id)) {
                cancel(batch.get());
            }
        }
        if (!isClosing()) {
            batches.markDone(id);
            LOG.infof("batch done batch=%s accepted=%s", id, batch.isPresent());
        }
    }

    private void submit(Batch batch) throws IOException {
        view.upToDate().await().indefinitely();
        try (var requests =
                new BufferedReader(new InputStreamReader(batches.requests(batch), StandardCharsets.UTF_8))) {
            List<VideoRequest> next = next(requests);
            while (!next.isEmpty() && goesOn(batch)) {
                together(next.stream()
                        .filter(request -> view.status(request.id()).isEmpty())
                        // Of the workers that have the model by now.
                        .map(request ->
                                submission.submit(request, view.models().topic(request.model()), Context.root()))
                        .toList());
                next = next(requests);
            }
        }
    }

    private boolean goesOn(Batch batch) throws IOException {
        if (Instant.now().isAfter(marked.plus(left.dividedBy(4)))) {
            batches.markOpen(batch.id());
            marked = Instant.now();
        }
        return !isClosing() && !batches.isCancelled(batch.id());
    }

    private void cancel(Batch batch) throws IOException {
        view.upToDate().await().indefinitely();
        for (int first = 1; first <= batch.requests() && !isClosing(); first += AT_ONCE) {
            together(IntStream.range(first, Math.min(first + AT_ONCE, batch.requests() + 1))
                    .mapToObj(batch.id()::job)
                    .flatMap(job -> view.known(job).stream())
                    .map(Job::snapshot)
                    .filter(job -> !job.status().isTerminal())
                    .map(cancellation::cancel)
                    .toList());
            batches.markOpen(batch.id());
        }
    }

    private static <T> void together(List<Uni<T>> all) {
        if (!all.isEmpty()) {
            Uni.join().all(all).andFailFast().await().indefinitely();
        }
    }

    private static List<VideoRequest> next(BufferedReader requests) throws IOException {
        List<VideoRequest> next = new ArrayList<>(AT_ONCE);
        while (next.size() < AT_ONCE) {
            String line = requests.readLine();
            if (line == null) {
                break;
            }
            try {
                next.add(JsonCodec.read(line.getBytes(StandardCharsets.UTF_8), VideoRequest.class));
            } catch (InvalidMessageException e) {
                throw new IOException("a batch holds what is no request: " + e.getMessage(), e);
            }
        }
        return next;
    }
}
