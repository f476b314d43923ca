package io.text2video.worker.control;

import io.text2video.common.job.JobId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The jobs that somebody has cancelled lately, as far as this worker was told. It may forget an old one: how a job ended
 * stands in its folder, and this only lets a worker hear of it in the middle of one. Thread-safe.
 */
public final class CancelledJobs {
    private final Map<JobId, Boolean> latest;

    /** @param most how many are remembered */
    public CancelledJobs(int most) {
        latest = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<JobId, Boolean> eldest) {
                return size() > most;
            }
        };
    }

    public synchronized boolean contains(JobId id) {
        return latest.containsKey(id);
    }

    /** Remembers the job, as the latest. */
    public synchronized void add(JobId id) {
        latest.remove(id);
        latest.put(id, true);
    }
}
