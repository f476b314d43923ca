package io.text2video.gateway.storage;

import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.lifecycle.JobFolders;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * How jobs have ended, in their folders in the bucket. Everything fails with {@link StoreUnavailableException}, after which
 * it may or may not have been done.
 */
@ApplicationScoped
public class StoredEnds {
    private final JobFolders folders;

    StoredEnds(VideoStore store) {
        folders = store.folders();
    }

    /**
     * Ends the job, unless it has ended.
     *
     * @return the job's one end: {@code end}, or the one that came before it
     */
    public Uni<JobSnapshot> commit(JobSnapshot end) {
        return StoreWork.onWorker("does not take the job's end", () -> folders.end(end));
    }

    /** How the job has ended, if it has; a deletion, where it is deleted since. */
    public Uni<Optional<JobSnapshot>> find(JobId id) {
        return StoreWork.onWorker("does not show the job's end", () -> folders.end(id));
    }

    /**
     * Removes all objects of a job, and marks it as deleted.
     *
     * @param deleted the mark
     */
    public Uni<Void> delete(JobSnapshot deleted) {
        return StoreWork.onWorker("does not remove the job's objects", () -> {
            folders.delete(deleted);
            return null;
        });
    }

    /** Removes what is of no use any more once the job has ended. */
    public Uni<Void> tidy(JobId id) {
        return StoreWork.onWorker("does not remove what the job's attempts left", () -> {
            folders.tidy(id);
            return null;
        });
    }

    /** Removes the mark of a deleted job, the last that there is of it. */
    public Uni<Void> forget(JobId id) {
        return StoreWork.onWorker("does not remove the job's mark", () -> {
            folders.forget(id);
            return null;
        });
    }
}
