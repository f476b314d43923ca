package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.common.topic.Pool;

/** Each pool's jobs are done by its own workers, on whichever topic they were put. */
final class OwnWorkers implements Promise {
    @Override
    public void check(JobHistory job, Broken broken) {
        if (job.submission() == null) {
            return;
        }
        Pool pool = WantedVideo.pool(job.submission().wanted());
        for (JsonNode start : job.starts()) {
            if (!JobHistory.worker(start).startsWith(pool.name() + "-")) {
                broken.tell(
                        Violation.Kind.WRONG_POOL,
                        "%s is of another pool than %s".formatted(JobHistory.worker(start), pool.name()));
            }
        }
    }
}
