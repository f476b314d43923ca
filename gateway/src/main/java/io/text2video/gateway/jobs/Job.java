package io.text2video.gateway.jobs;

import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import java.time.Instant;
import java.util.Objects;

/**
 * A job as the view knows it.
 *
 * @param snapshot its state
 * @param heard how far it was, when last heard of
 * @param expiresAt when the fleet may forget it; null until it has ended, and where jobs are kept for ever
 */
public record Job(JobSnapshot snapshot, JobProgress heard, Instant expiresAt) {
    /** An end is told by the snapshot alone. */
    private static final int MOST_WHILE_RUNNING = 99;

    public Job {
        Objects.requireNonNull(snapshot, "snapshot");
        Objects.requireNonNull(heard, "heard");
    }

    /** One that is not known to expire. */
    public Job(JobSnapshot snapshot, JobProgress heard) {
        this(snapshot, heard, null);
    }

    public JobId id() {
        return snapshot.id();
    }

    /** What its worker is at; null unless it is in progress. */
    VideoStage stage() {
        if (snapshot.status() != JobStatus.IN_PROGRESS) {
            return null;
        }
        if (!isHeard() || !heard.isDenoised()) {
            return VideoStage.DENOISING;
        }
        Integer frames = snapshot.parameters().numFrames();
        return frames == null || heard.decodedFrames() < frames ? VideoStage.DECODING : VideoStage.UPLOAD;
    }

    /** How many steps are done; null unless it is in progress. */
    Integer step() {
        return snapshot.status() == JobStatus.IN_PROGRESS ? (Integer) (isHeard() ? heard.step() : 0) : null;
    }

    /** How many frames are decoded; null unless it is in progress, and all its steps are done. */
    Integer decodedFrames() {
        boolean decoding = snapshot.status() == JobStatus.IN_PROGRESS && isHeard() && heard.decodedFrames() > 0;
        return decoding ? (Integer) heard.decodedFrames() : null;
    }

    /** After which step its preview was made; null unless it is in progress and has one. */
    public Integer previewStep() {
        boolean has = snapshot.status() == JobStatus.IN_PROGRESS && isHeard() && heard.previewStep() > 0;
        return has ? (Integer) heard.previewStep() : null;
    }

    /** Whether what was heard last is of this attempt. */
    private boolean isHeard() {
        return heard.attempt().equals(snapshot.attemptId());
    }

    /** Percent of the work that is done. */
    public int progress() {
        return switch (snapshot.status()) {
            case QUEUED -> 0;
            case IN_PROGRESS, FAILED, CANCELLED, DELETED ->
                isHeard() ? Math.min(heard.percent(), MOST_WHILE_RUNNING) : 0;
            case COMPLETED -> 100;
        };
    }
}
