package io.text2video.gateway.batches;

import io.text2video.common.job.JobStatus;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.storage.Batch;
import io.text2video.gateway.storage.StoredBatches;
import java.util.EnumMap;
import java.util.Map;

/** How many of a batch's jobs have each status. */
public record BatchCounts(Map<JobStatus, Integer> of) {

    /**
     * As far as the view has read. A job that it does not know was not submitted yet, and never will be if the batch is cancelled; once
     * nothing is left to be done for the batch, it was deleted.
     */
    public static BatchCounts count(StoredBatches.State state, JobView view) {
        JobStatus unknown =
                state.isCancelled() ? JobStatus.CANCELLED : state.isOpen() ? JobStatus.QUEUED : JobStatus.DELETED;
        Map<JobStatus, Integer> counts = new EnumMap<>(JobStatus.class);
        Batch batch = state.batch();
        for (int line = 1; line <= batch.requests(); line++) {
            counts.merge(view.status(batch.id().job(line)).orElse(unknown), 1, Integer::sum);
        }
        return new BatchCounts(counts);
    }

    public int of(JobStatus status) {
        return of.getOrDefault(status, 0);
    }

    /** Whether none of them has yet to end. */
    public boolean isEnded() {
        return of(JobStatus.QUEUED) + of(JobStatus.IN_PROGRESS) == 0;
    }
}
