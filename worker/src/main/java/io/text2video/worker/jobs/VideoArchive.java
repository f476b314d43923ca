package io.text2video.worker.jobs;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.lifecycle.Claim;
import io.text2video.common.lifecycle.JobFolder;
import io.text2video.common.lifecycle.JobFolders;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.worker.video.EncodedVideo;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** The jobs' folders in the bucket, as a worker uses them. While the store does not answer, a job waits for it. */
public final class VideoArchive {
    private static final Logger LOG = Logger.getLogger(VideoArchive.class);

    private final PatientStore store;
    private final JobFolders folders;

    public VideoArchive(ObjectStore store, Backoff patience) {
        this.store = new PatientStore(store, patience);
        folders = new JobFolders(store);
    }

    /** What is there of a job that was handed to this worker. */
    JobFolder look(JobId id, Handed handed) throws StorageException {
        return store.insist(handed::pause, objects -> folders.look(id));
    }

    /** Who has that attempt. */
    Optional<Claim> claim(JobId id, AttemptId attempt, Handed handed) throws StorageException {
        return store.insist(handed::pause, objects -> folders.claim(id, attempt));
    }

    /** @return whether the attempt is this worker's */
    boolean claim(JobId id, AttemptId attempt, Claim claim, Handed handed) throws StorageException {
        return store.insist(handed::pause, objects -> folders.claim(id, attempt, claim));
    }

    /** Whether the attempt is known not to be wanted any more. While the store does not answer, nothing is known. */
    boolean supersedes(JobId id, AttemptId attempt) {
        try {
            return folders.look(id).supersedes(attempt);
        } catch (IOException e) {
            LOG.debugf("folder not seen job=%s cause=%s", id, e.getMessage());
            return false;
        }
    }

    /** The attempt ends in good order, with nothing to show for; when that cannot be noted, it is held against the job. */
    void release(JobId id, AttemptId attempt) {
        try {
            folders.release(id, attempt);
        } catch (IOException e) {
            LOG.warnf("attempt stays charged job=%s attempt=%s cause=%s", id, attempt, e.getMessage());
        }
    }

    /** How the job has ended. */
    Optional<JobSnapshot> end(JobId id, Handed handed) throws StorageException {
        return store.insist(handed::pause, objects -> folders.end(id));
    }

    /** Stores the attempt's video and poster, which nobody sees before {@link #end(Consumer, JobSnapshot)}. */
    void store(Attempt attempt, EncodedVideo video) throws StorageException {
        store.insist(attempt, objects -> {
            objects.upload(ObjectKeys.video(attempt.id(), attempt.number()), video.mp4(), "video/mp4");
            objects.upload(ObjectKeys.poster(attempt.id(), attempt.number()), video.poster(), "image/png");
            return null;
        });
    }

    /**
     * Ends the job, unless it has ended.
     *
     * @param pause waits before another try, or throws to give up
     * @return the job's one end: {@code end} or the one that came before it
     */
    JobSnapshot end(Consumer<Duration> pause, JobSnapshot end) throws StorageException {
        return store.insist(pause, objects -> folders.end(end));
    }

    /** Removes what is of no use once that end is published. */
    void tidy(JobSnapshot end) throws IOException {
        folders.tidy(end);
    }
}
