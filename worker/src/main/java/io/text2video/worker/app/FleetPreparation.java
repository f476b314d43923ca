package io.text2video.worker.app;

import io.text2video.common.storage.ObjectStore;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.QueueKind;
import io.text2video.kafka.FleetConfig;
import io.text2video.kafka.TopicInitializer;
import io.text2video.worker.jobs.Backoff;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jboss.logging.Logger;

/**
 * Topics and bucket, as a worker needs them. It is tried once beside the load of a model, which takes the longer; what was in vain
 * then is tried again after it.
 */
final class FleetPreparation implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FleetPreparation.class);

    private final FleetConfig fleet;
    private final Map<String, Object> kafka;
    private final ObjectStore store;
    private final Pool pool;
    private final FutureTask<QueueKind> early = new FutureTask<>(this::prepare);

    private FleetPreparation(FleetConfig fleet, Map<String, Object> kafka, ObjectStore store, Pool pool) {
        this.fleet = fleet;
        this.kafka = kafka;
        this.store = store;
        this.pool = pool;
    }

    static FleetPreparation begin(FleetConfig fleet, Map<String, Object> kafka, ObjectStore store, Pool pool) {
        var preparation = new FleetPreparation(fleet, kafka, store, pool);
        var thread = new Thread(preparation.early, "preparation");
        thread.setDaemon(true);
        thread.start();
        return preparation;
    }

    /**
     * Fleets start all at once: neither the broker nor the store need be there yet.
     *
     * @return how jobs are taken from the pool's topic
     * @throws IOException when a part does not answer in time, or cannot be used
     */
    QueueKind finish(Backoff backoff, Backoff.Pause pause) throws IOException {
        try {
            return early.get();
        } catch (ExecutionException e) {
            LOG.debug("not prepared yet", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return backoff.retry(this::prepare, pause);
    }

    /** Nobody waits for what is under way: it may end with its store. */
    @Override
    public void close() {
        early.cancel(true);
    }

    private QueueKind prepare() throws IOException {
        QueueKind kind;
        try {
            kind = TopicInitializer.initialize(kafka, fleet.partitions(), fleet.recordLock(), fleet.queue(), pool);
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
        store.ensureBucket();
        store.requireConditionalWrites();
        return kind;
    }
}
