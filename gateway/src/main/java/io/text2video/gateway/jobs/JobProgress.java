package io.text2video.gateway.jobs;

import io.text2video.common.job.AttemptId;

/**
 * How far an attempt is.
 *
 * @param step denoising steps done, 0 to {@code steps}
 * @param steps denoising steps in all; 0 while nothing was heard
 * @param decodedFrames 0 until all steps are done
 */
public record JobProgress(AttemptId attempt, int step, int steps, int decodedFrames) {
    public static final JobProgress NONE = new JobProgress(new AttemptId(1, 0), 0, 0);

    /** One of which no frame is decoded. */
    public JobProgress(AttemptId attempt, int step, int steps) {
        this(attempt, step, steps, 0);
    }

    /** Of its denoising steps, 0 to 100. */
    int percent() {
        return steps == 0 ? 0 : (int) (100L * step / steps);
    }

    boolean isDenoised() {
        return steps > 0 && step == steps;
    }

    /** Whether this is news to one who knows {@code other}, whichever was read first. */
    boolean supersedes(JobProgress other) {
        int later = attempt.compareTo(other.attempt);
        int further = step == other.step ? decodedFrames - other.decodedFrames : step - other.step;
        return later > 0 || (later == 0 && further > 0);
    }
}
