package io.text2video.worker.jobs;

import io.text2video.common.job.JobSnapshot;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.Messages;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.worker.video.EncodedVideo;
import java.io.IOException;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The finished videos. A job is completed by the one object {@code result.json}, which holds its last state: of any
 * number of attempts that reach it, one writes it. While the store does not answer, the job waits for it.
 */
public final class VideoArchive {
    private static final Logger LOG = Logger.getLogger(VideoArchive.class);

    private final PatientStore store;

    public VideoArchive(ObjectStore store, Patience patience) {
        this.store = new PatientStore(store, patience);
    }

    /** The completed state of the attempt's job, when an attempt has completed it. */
    Optional<JobSnapshot> result(Attempt attempt) throws StorageException {
        String key = ObjectKeys.result(attempt.id());
        Optional<byte[]> stored = store.insist(attempt, objects -> objects.read(key));
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Messages.read(stored.get(), JobSnapshot.class));
        } catch (InvalidMessageException e) {
            throw new IllegalStateException("%s is no job: %s".formatted(key, e.getMessage()), e);
        }
    }

    /** Stores the attempt's video and poster, which nobody sees before {@link #complete}. */
    void store(Attempt attempt, EncodedVideo video) throws StorageException {
        store.insist(attempt, objects -> {
            objects.upload(ObjectKeys.video(attempt.id(), attempt.number()), video.mp4(), "video/mp4");
            objects.upload(ObjectKeys.poster(attempt.id(), attempt.number()), video.poster(), "image/png");
            return null;
        });
    }

    /**
     * Completes the job, unless another attempt has. A try whose answer was lost on the way finds its own.
     *
     * @return the job's one completed state: {@code job} or another attempt's
     */
    JobSnapshot complete(Attempt attempt, JobSnapshot job) throws StorageException {
        byte[] bytes = Messages.write(job);
        if (store.insist(
                attempt, objects -> objects.putIfAbsent(ObjectKeys.result(job.id()), bytes, "application/json"))) {
            return job;
        }
        return result(attempt)
                .orElseThrow(() -> new IllegalStateException(
                        "the store has and has not %s".formatted(ObjectKeys.result(job.id()))));
    }

    /** Removes what the attempt stored in vain; what is left when that fails does no harm. */
    void discard(Attempt attempt) {
        try {
            store.objects().remove(ObjectKeys.video(attempt.id(), attempt.number()));
            store.objects().remove(ObjectKeys.poster(attempt.id(), attempt.number()));
        } catch (IOException e) {
            LOG.warnf("unwanted video stays in the store %s cause=%s", attempt, e.getMessage());
        }
    }
}
