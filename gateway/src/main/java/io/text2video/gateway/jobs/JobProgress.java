package io.text2video.gateway.jobs;

import io.text2video.common.job.AttemptId;

/**
 * How far an attempt is.
 *
 * @param percent of its denoising steps, 0 to 100
 */
public record JobProgress(AttemptId attempt, int percent) {
    public static final JobProgress NONE = new JobProgress(new AttemptId(1, 0), 0);

    /** Whether this is news to one who knows {@code other}, whichever was read first. */
    boolean supersedes(JobProgress other) {
        int later = attempt.compareTo(other.attempt);
        return later > 0 || (later == 0 && percent > other.percent);
    }
}
