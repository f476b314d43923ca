package io.text2video.worker.jobs;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.lifecycle.Claim;
import io.text2video.common.lifecycle.DrawnPrompt;
import io.text2video.common.lifecycle.JobFolder;
import io.text2video.common.lifecycle.JobFolders;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.worker.video.EncodedVideo;
import io.text2video.worker.video.VideoFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The bucket, as a worker uses it: the jobs' folders, and the images and videos that others start from. While the store does not answer,
 * a call waits for it; each is given what does the waiting, and may throw to give up. Thread-safe.
 */
public final class VideoArchive {
    private static final Logger LOG = Logger.getLogger(VideoArchive.class);

    private final ObjectStore objects;
    private final JobFolders folders;
    private final Backoff backoff;

    public VideoArchive(ObjectStore objects, Backoff backoff) {
        this.objects = objects;
        this.backoff = backoff;
        folders = new JobFolders(objects);
    }

    /** What is there of a job. */
    JobFolder look(JobId id, Backoff.Pause pause) throws StorageException {
        return retry(() -> folders.look(id), pause);
    }

    /** Who has that attempt. */
    Optional<Claim> claim(JobId id, AttemptId attempt, Backoff.Pause pause) throws StorageException {
        return retry(() -> folders.claim(id, attempt), pause);
    }

    /** @return whether the attempt is this worker's */
    boolean claim(JobId id, AttemptId attempt, Claim claim, Backoff.Pause pause) throws StorageException {
        return retry(() -> folders.claim(id, attempt, claim), pause);
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

    /** The attempt is held against the job, though it has kept a state that goes further; unless the store does not answer. */
    void charge(JobId id, AttemptId attempt) {
        try {
            folders.charge(id, attempt);
        } catch (IOException e) {
            LOG.warnf("attempt may stay uncharged job=%s attempt=%s cause=%s", id, attempt, e.getMessage());
        }
    }

    /** An image's first bytes, as many as that at most; nothing where there is no such object. */
    Optional<byte[]> readImage(String key, int bytes, Backoff.Pause pause) throws StorageException {
        return retry(() -> objects.readStart(key, bytes), pause);
    }

    /**
     * Makes a video the {@link VideoFiles#input} of those files, unless it is too large.
     *
     * @param most bytes that it may have
     * @return the bytes that it has; nothing where there is no such object
     */
    Optional<Long> fetchVideo(Attempt attempt, String key, long most, VideoFiles files) throws StorageException {
        return retry(
                () -> {
                    Optional<Long> bytes = objects.size(key);
                    if (bytes.isPresent() && bytes.get() <= most) {
                        try (InputStream in = open(key, bytes.get())) {
                            files.takeInput(in, attempt::checkpoint);
                        }
                    }
                    return bytes;
                },
                attempt::pause);
    }

    /** Of an object without a byte there is no range. */
    private InputStream open(String key, long bytes) throws IOException {
        return bytes == 0 ? InputStream.nullInputStream() : objects.open(key, 0, bytes);
    }

    /** What attempts at the job draw in the place of its prompt; nothing where none has fixed that. */
    Optional<DrawnPrompt> prompt(JobId id, Backoff.Pause pause) throws StorageException {
        return retry(() -> folders.prompt(id), pause);
    }

    /** @return what attempts at the job draw: {@code prompt}, or what was fixed before it */
    DrawnPrompt fixPrompt(JobId id, DrawnPrompt prompt, Backoff.Pause pause) throws StorageException {
        return retry(() -> folders.fixPrompt(id, prompt), pause);
    }

    /** Stores the attempt's video and poster, which nobody sees before {@link #end(JobSnapshot, Backoff.Pause)}. */
    void store(Attempt attempt, EncodedVideo video) throws StorageException {
        retry(
                () -> {
                    objects.upload(ObjectKeys.video(attempt.id(), attempt.number()), video.mp4(), "video/mp4");
                    objects.upload(ObjectKeys.poster(attempt.id(), attempt.number()), video.poster(), "image/png");
                    return null;
                },
                attempt::pause);
    }

    /** How the job has ended. */
    Optional<JobSnapshot> end(JobId id, Backoff.Pause pause) throws StorageException {
        return retry(() -> folders.end(id), pause);
    }

    /**
     * Ends the job, unless it has ended.
     *
     * @return the job's one end: {@code end} or the one that came before it
     */
    JobSnapshot end(JobSnapshot end, Backoff.Pause pause) throws StorageException {
        return retry(() -> folders.end(end), pause);
    }

    /**
     * Removes what is of no use once the job's end is published. Does not wait for the store.
     *
     * @return how the job stands: ended, or deleted; nothing when it has been forgotten
     */
    Optional<JobSnapshot> tidy(JobId id) throws IOException {
        return folders.tidy(id);
    }

    private <T> T retry(Backoff.Action<T> call, Backoff.Pause pause) throws StorageException {
        try {
            return backoff.retry(call, pause);
        } catch (IOException e) {
            throw new StorageException(e);
        }
    }
}
