package io.text2video.gateway.jobs;

import io.text2video.common.job.AttemptId;
import java.util.Comparator;

/**
 * How far an attempt is.
 *
 * @param step denoising steps done, 0 to {@code steps}
 * @param steps denoising steps in all; 0 while nothing was heard
 * @param decodedFrames 0 until all steps are done
 * @param previewStep after which step its preview in the store was made; 0 where there is none
 */
public record JobProgress(AttemptId attempt, int step, int steps, int decodedFrames, int previewStep) {
    public static final JobProgress NONE = new JobProgress(new AttemptId(1, 0), 0, 0);

    private static final Comparator<JobProgress> FURTHER = Comparator.comparingInt(JobProgress::step)
            .thenComparingInt(JobProgress::decodedFrames)
            .thenComparingInt(JobProgress::previewStep);

    /** One of which no frame is decoded. */
    public JobProgress(AttemptId attempt, int step, int steps) {
        this(attempt, step, steps, 0);
    }

    /** One without a preview. */
    public JobProgress(AttemptId attempt, int step, int steps, int decodedFrames) {
        this(attempt, step, steps, decodedFrames, 0);
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
        return later > 0 || (later == 0 && FURTHER.compare(this, other) > 0);
    }
}
