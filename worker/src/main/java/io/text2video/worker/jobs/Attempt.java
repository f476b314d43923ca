package io.text2video.worker.jobs;

import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoRequest;
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
    private final Handed handed;
    private final AttemptId number;
    private final int charged;
    private final VideoArchive archive;
    private Instant nextLook = Instant.MIN;
    private boolean superseded;
    private volatile boolean ended;
    private volatile VideoEvent progress;

    /** @param charged attempts before it that are held against the job */
    Attempt(VideoRequest request, Handed handed, AttemptId number, int charged, VideoArchive archive) {
        this.request = request;
        this.handed = handed;
        this.number = number;
        this.charged = charged;
        this.archive = archive;
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

    /** Attempts before it that are held against the job. */
    int charged() {
        return charged;
    }

    /** How far it is has been said. */
    void progressed(VideoEvent event) {
        progress = event;
    }

    /** What was said last of how far it is; null before anything was. */
    VideoEvent progress() {
        return progress;
    }

    /** Whether an attempt before it did not end in good order. */
    boolean isSuspect() {
        return charged > 0;
    }

    /** The record that was handed to this worker. */
    Handed handed() {
        return handed;
    }

    Instant recordTime() {
        return handed.delivery().recordTime();
    }

    /** The job's end was seen while this attempt drew: another has ended it. */
    void jobEnded() {
        ended = true;
    }

    /** Whether this worker was told that the job is cancelled. */
    boolean isCancelled() {
        return handed.cancelled().contains(id());
    }

    /**
     * Passes when the work is to go on.
     *
     * @throws CancelledException when the job is cancelled
     * @throws AbandonedException when the attempt is not wanted any more, or the worker is to stop
     */
    void checkpoint() {
        requireWanted();
        handed.requireNoStop();
    }

    /**
     * Passes when the work is wanted.
     *
     * @throws CancelledException when the job is cancelled
     * @throws AbandonedException when the attempt is not wanted any more
     */
    void requireWanted() {
        if (isCancelled()) {
            throw new CancelledException(id());
        }
        if (ended) {
            throw new AbandonedException("the job has ended");
        }
        requireNotSuperseded();
    }

    private void requireNotSuperseded() {
        if (handed.isLost() && isSuperseded()) {
            throw new AbandonedException("another attempt is under way, or the job has ended");
        }
    }

    /** @throws AbandonedException when another worker may have the job by now */
    void requireHeld() {
        if (handed.isLost()) {
            throw new AbandonedException("the lock on the record is lost");
        }
    }

    /**
     * Waits before something is tried again.
     *
     * @throws CancelledException as {@link #checkpoint} does
     * @throws AbandonedException as {@link #checkpoint} does
     */
    void pause(Duration time) {
        handed.await(time);
        checkpoint();
    }

    /**
     * The same while the job is being ended, which nothing cancels any more.
     *
     * @throws AbandonedException as {@link #checkpoint} does
     */
    void pauseEnding(Duration time) {
        handed.await(time);
        requireNotSuperseded();
        handed.requireNoStop();
    }

    private synchronized boolean isSuperseded() {
        Instant now = Instant.now();
        if (!superseded && now.isAfter(nextLook)) {
            superseded = archive.supersedes(id(), number);
            nextLook = now.plus(LOOK_AGAIN);
        }
        return superseded;
    }

    @Override
    public String toString() {
        return "job=%s attempt=%s".formatted(id(), number);
    }
}
