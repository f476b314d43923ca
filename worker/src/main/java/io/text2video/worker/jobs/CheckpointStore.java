package io.text2video.worker.jobs;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.lifecycle.JobFolders;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.worker.state.GenerationState;
import io.text2video.worker.state.SavedState;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The states of jobs, in their folders in the bucket. Thread-safe. */
final class CheckpointStore {
    private static final Logger LOG = Logger.getLogger(CheckpointStore.class);
    private static final String TYPE = "application/octet-stream";

    private final ObjectStore objects;
    private final JobFolders folders;

    CheckpointStore(ObjectStore objects) {
        this.objects = objects;
        folders = new JobFolders(objects);
    }

    /** What came of a state. */
    enum Kept {
        /** Nothing is there that goes further: the job has made progress. */
        FURTHEST,
        /** It was there already, or another one goes further. */
        KNOWN,
        /** The job has ended, and nothing was kept. */
        ENDED
    }

    /** A key, and how many steps it says are done. */
    private record Stored(String key, int step) {}

    /**
     * The computation's state with the most steps, of those with fewer than {@code below}.
     *
     * @throws IOException when the store does not answer
     */
    Optional<SavedState> newest(JobId id, String computation, int below) throws IOException {
        while (true) {
            Optional<Stored> newest = list(id, computation)
                    .filter(stored -> stored.step() < below)
                    .max(Comparator.comparingInt(Stored::step));
            if (newest.isEmpty()) {
                return Optional.empty();
            }
            Optional<byte[]> file = objects.read(newest.get().key());
            if (file.isPresent()) {
                return Optional.of(
                        new SavedState(newest.get().key(), newest.get().step(), file.get()));
            }
            // Another attempt, which nobody needs any more, has put a newer one in its place since.
        }
    }

    /**
     * Keeps a state, and removes those of fewer steps. One that is there already is the same bytes.
     *
     * @throws IOException when the store does not answer
     */
    Kept keep(JobId id, GenerationState state) throws IOException {
        String key = ObjectKeys.checkpoint(id, state.computation(), state.step());
        boolean added = objects.putIfAbsent(key, state.toBytes(), TYPE);
        if (folders.removeIfEnded(id, key)) {
            return Kept.ENDED;
        }
        boolean furthest = added;
        for (Stored stored : list(id, state.computation()).toList()) {
            if (stored.step() < state.step()) {
                objects.remove(stored.key());
            } else if (stored.step() > state.step()) {
                furthest = false;
            }
        }
        return furthest ? Kept.FURTHEST : Kept.KNOWN;
    }

    /** Notes that the attempt kept one that goes further than those before. */
    void progress(JobId id, AttemptId attempt) throws IOException {
        folders.progress(id, attempt);
    }

    /** Removes one that nobody can go on from, so that a sound one can take its place. */
    void discard(SavedState state) {
        try {
            objects.remove(state.name());
        } catch (IOException e) {
            LOG.warnf("unusable checkpoint stays in the store key=%s cause=%s", state.name(), e.getMessage());
        }
    }

    private Stream<Stored> list(JobId id, String computation) throws IOException {
        String prefix = ObjectKeys.folder(id) + computation + "-";
        return objects.list(prefix).stream()
                .filter(key -> key.endsWith(ObjectKeys.CHECKPOINT))
                .flatMap(key -> {
                    String step = key.substring(prefix.length(), key.length() - ObjectKeys.CHECKPOINT.length());
                    return step.matches("\\d{5}") ? Stream.of(new Stored(key, Integer.parseInt(step))) : Stream.empty();
                });
    }
}
