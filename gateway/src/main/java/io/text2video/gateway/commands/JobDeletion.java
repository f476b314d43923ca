package io.text2video.gateway.commands;

import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.storage.StoredEnds;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/**
 * Removes jobs that have ended, in two steps. A deleted job has no objects and nobody is shown it; but a mark stays in its
 * folder, and a state that says no more than that on {@code video.jobs}: a request that is still on its topic would else
 * bring it back. When no request can, the job is forgotten: the mark goes, and the state.
 *
 * <p>Everything fails with {@link io.text2video.gateway.storage.StoreUnavailableException} or {@link
 * BrokerUnavailableException}, and may be done again: what is left is removed then. Objects go first, since while they are
 * not all gone the job must be there to be asked for.
 */
@ApplicationScoped
public class JobDeletion {
    private static final Logger LOG = Logger.getLogger(JobDeletion.class);

    private final JobView view;
    private final StoredEnds ends;
    private final EndPublisher publisher;

    JobDeletion(JobView view, StoredEnds ends, EndPublisher publisher) {
        this.view = view;
        this.ends = ends;
        this.publisher = publisher;
    }

    /** Completes when the job's objects are gone, and every gateway will see that it is deleted. */
    public Uni<Void> delete(JobSnapshot ended) {
        JobSnapshot deleted = ended.deleted();
        return ends.delete(deleted)
                .chain(() -> publisher.publish(JobRecords.deletion(
                        ended, Instant.now(), !view.deliveries().isGone(ended.id()))))
                .invoke(() -> LOG.infof("job deleted job=%s", deleted.id()));
    }

    /** @param id of a deleted job of which no request is on any topic any more */
    public Uni<Void> forget(JobId id) {
        return ends.forget(id)
                .chain(() -> publisher.publish(forgotten(id)))
                .invoke(() -> LOG.infof("job forgotten job=%s", id));
    }

    /** A call that was under way when the job was deleted may have been logged after that. */
    private List<ProducerRecord<byte[], byte[]>> forgotten(JobId id) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(List.of(JobRecords.forgotten(id)));
        view.deliveries().of(id).forEach(log -> records.add(JobRecords.unlogged(id, log.type())));
        return records;
    }
}
