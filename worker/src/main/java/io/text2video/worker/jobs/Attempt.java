package io.text2video.worker.jobs;

import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoRequest;
import io.text2video.worker.control.CancelledJobs;
import io.text2video.worker.queue.Delivery;
import java.time.Duration;
import java.time.Instant;

/**
 * One worker's try at a job, which it has claimed. Long work asks it in between whether to go on. Thread-safe.
 *
 * <p>A lost lock alone does not end it: the broker may only be away, and nobody else may have the job. It ends when the
 * job's folder shows that it is not wanted any more, or when this worker is told that the job is cancelled.
 */
final class Attempt {
    /** How often the folder is looked into while the lock is lost. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    private final VideoRequest request;
    private final Delivery delivery;
    private final AttemptId number;
    private final int charged;
    private final boolean suspect;
    private final VideoArchive archive;
    private final StopSignal stop;
    private final CancelledJobs cancelled;
    private final JobTrace trace;
    private Instant nextLook = Instant.MIN;
    private boolean superseded;
    private volatile boolean ended;
    private volatile VideoEvent progress;

    /**
     * @param charged attempts before it that are held against the job
     * @param suspect whether any attempt before it did not end in good order
     * @param stop ends the worker
     * @param cancelled jobs that this worker was told to end
     */
    Attempt(
            VideoRequest request,
            Delivery delivery,
            AttemptId number,
            int charged,
            boolean suspect,
            VideoArchive archive,
            StopSignal stop,
            CancelledJobs cancelled,
            JobTrace trace) {
        this.request = request;
        this.delivery = delivery;
        this.number = number;
        this.charged = charged;
        this.suspect = suspect;
        this.archive = archive;
        this.stop = stop;
        this.cancelled = cancelled;
        this.trace = trace;
    }

    VideoRequest request() {
        return request;
    }

    JobId id() {
        return request.id();
    }

    AttemptId number() {
        return number;
    }

    /** The job's record. */
    Delivery delivery() {
        return delivery;
    }

    /** The spans of it. */
    JobTrace trace() {
        return trace;
    }

    /** Attempts before it that are held against the job. */
    int charged() {
        return charged;
    }

    /** How far it is has been published. */
    void progressed(VideoEvent event) {
        progress = event;
    }

    /** What was published last of how far it is; null before anything was. */
    VideoEvent progress() {
        return progress;
    }

    /** Whether an attempt before it did not end in good order, be it that it made progress. */
    boolean isSuspect() {
        return suspect;
    }

    /** The job's end was seen while this attempt drew: another has ended it. */
    void jobEnded() {
        ended = true;
    }

    /** Whether this worker was told that the job is cancelled. */
    boolean isCancelled() {
        return cancelled.contains(id());
    }

    /** Whether the worker is to stop. */
    boolean isStopping() {
        return stop.isSent();
    }

    /**
     * Passes when the work is to go on.
     *
     * @throws AbandonedException when the attempt is not wanted any more, or the worker is to stop
     */
    void checkpoint() {
        checkpoint(Duration.ZERO);
    }

    /**
     * The same, but a worker that is to stop may go on with it for a while.
     *
     * @throws AbandonedException when the attempt is not wanted any more, or the worker was to stop so long ago
     */
    void checkpoint(Duration patience) {
        requireWanted();
        stop.requireNotSent(patience);
    }

    /**
     * Passes when the work is wanted.
     *
     * @throws AbandonedException when the job is cancelled or has ended, or another attempt is under way
     */
    void requireWanted() {
        if (isCancelled()) {
            throw new AbandonedException("the job %s is cancelled".formatted(id()));
        }
        if (ended) {
            throw new AbandonedException("the job has ended");
        }
        requireNotSuperseded();
    }

    private void requireNotSuperseded() {
        if (delivery.isLost() && isSuperseded()) {
            throw new AbandonedException("another attempt is under way, or the job has ended");
        }
    }

    /** @throws AbandonedException when another worker may have the job by now */
    void requireHeld() {
        AbandonedException.requireHeld(delivery);
    }

    /**
     * Waits before something is tried again.
     *
     * @throws AbandonedException as {@link #checkpoint} does
     */
    void pause(Duration time) {
        stop.await(time);
        checkpoint();
    }

    /**
     * The same while the job is being ended, which nothing cancels any more.
     *
     * @throws AbandonedException when another attempt is under way, or the worker is to stop
     */
    void pauseEnding(Duration time) {
        stop.await(time);
        requireNotSuperseded();
        stop.requireNotSent();
    }

    private synchronized boolean isSuperseded() {
        if (!superseded && Instant.now().isAfter(nextLook)) {
            superseded = archive.supersedes(id(), number);
            // From the look's end: a store that takes seconds to answer must not keep the work from going on.
            nextLook = Instant.now().plus(LOOK_AGAIN);
        }
        return superseded;
    }

    @Override
    public String toString() {
        return "job=%s attempt=%s".formatted(id(), number);
    }
}
