package io.text2video.gateway.jobs;

import io.text2video.common.job.AttemptId;

/**
 * How far an attempt is.
 *
 * @param percent of its denoising steps, 0 to 100
 * @param decodedFrames 0 until all steps are done
 */
public record JobProgress(AttemptId attempt, int percent, int decodedFrames) {
    public static final JobProgress NONE = new JobProgress(new AttemptId(1, 0), 0);

    /** One of which no frame is decoded. */
    public JobProgress(AttemptId attempt, int percent) {
        this(attempt, percent, 0);
    }

    /** Whether this is news to one who knows {@code other}, whichever was read first. */
    boolean supersedes(JobProgress other) {
        int later = attempt.compareTo(other.attempt);
        int further = percent == other.percent ? decodedFrames - other.decodedFrames : percent - other.percent;
        return later > 0 || (later == 0 && further > 0);
    }
}
