package io.text2video.gateway.storage;

import io.smallrye.mutiny.Uni;
import io.text2video.common.job.BatchId;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Batches, in the bucket: their requests, that they were accepted, that they are cancelled, and that somebody has yet to work at
 * them. What answers a {@link Uni} fails with {@link StoreUnavailableException}, after which it may or may not have been done.
 */
@ApplicationScoped
public class StoredBatches {
    private static final byte[] MARK = {};
    private static final String TYPE = "application/octet-stream";

    private final ObjectStore objects;

    StoredBatches(VideoStore store) {
        objects = store.objects();
    }

    /**
     * A batch with what the store says of it.
     *
     * @param isOpen whether somebody has yet to work at it
     */
    public record State(Batch batch, boolean isOpen, boolean isCancelled) {}

    public Uni<Optional<Batch>> find(BatchId id) {
        return StoreWork.onWorker("does not show the batch", () -> read(id));
    }

    public Uni<Optional<State>> state(BatchId id) {
        return StoreWork.onWorker("does not show the batch", () -> {
            Optional<Batch> batch = read(id);
            return batch.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new State(
                            batch.get(), objects.size(ObjectKeys.openBatch(id)).isPresent(), isCancelled(id)));
        });
    }

    /**
     * Accepts a batch, unless there is one with its id: then somebody has to work at it.
     *
     * @param requests one a line
     * @return the one batch with that id: {@code batch}, or the one that came before it
     */
    public Uni<Batch> keep(Batch batch, byte[] requests) {
        return StoreWork.onWorker("does not take the batch", () -> {
            objects.putIfAbsent(ObjectKeys.batchRequests(batch.id(), batch.content()), requests, "application/jsonl");
            markOpen(batch.id());
            return objects.putIfAbsent(ObjectKeys.batch(batch.id()), JsonCodec.write(batch), "application/json")
                    ? batch
                    : read(batch.id()).orElseThrow(() -> new FileNotFoundException("the batch has just been removed"));
        });
    }

    /** Has the batch's jobs cancelled by whoever works at it next. */
    public Uni<Void> cancel(BatchId id) {
        return StoreWork.onWorker("does not take the batch's cancellation", () -> {
            objects.putIfAbsent(ObjectKeys.cancelledBatch(id), MARK, TYPE);
            markOpen(id);
            return null;
        });
    }

    public Optional<Batch> read(BatchId id) throws IOException {
        String key = ObjectKeys.batch(id);
        Optional<byte[]> stored = objects.read(key);
        try {
            return stored.isEmpty() ? Optional.empty() : Optional.of(JsonCodec.read(stored.get(), Batch.class));
        } catch (InvalidMessageException e) {
            throw new IOException("%s is no batch: %s".formatted(key, e.getMessage()), e);
        }
    }

    /** The batch's requests, one a line; the caller closes them. */
    public InputStream requests(Batch batch) throws IOException {
        String key = ObjectKeys.batchRequests(batch.id(), batch.content());
        return objects.open(key, 0, objects.size(key).orElseThrow(() -> new FileNotFoundException(key)));
    }

    public boolean isCancelled(BatchId id) throws IOException {
        return objects.size(ObjectKeys.cancelledBatch(id)).isPresent();
    }

    /** Says that somebody has yet to work at it, or is about to. */
    public void markOpen(BatchId id) throws IOException {
        objects.put(ObjectKeys.openBatch(id), MARK, TYPE);
    }

    /** Says that there is nothing left to do for it. */
    public void markDone(BatchId id) throws IOException {
        objects.remove(ObjectKeys.openBatch(id));
    }

    /** The first {@code most} open batches that nobody has marked since that time. */
    public List<BatchId> leftSince(Instant time, int most) throws IOException {
        return objects.listWrittenBefore(time, ObjectKeys.OPEN_BATCHES, most).stream()
                .map(key -> BatchId.parse(key.substring(ObjectKeys.OPEN_BATCHES.length())))
                .toList();
    }

    /**
     * Removes the first {@code most} objects of batches that were written before that time.
     *
     * @return how many were removed
     */
    public int forgetOld(Instant time, int most) throws IOException {
        List<String> old = objects.listWrittenBefore(time, ObjectKeys.BATCHES, most);
        for (String key : old) {
            objects.remove(key);
        }
        return old.size();
    }
}
