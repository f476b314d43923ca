package io.text2video.common.lifecycle;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The jobs' folders in the bucket, by which any number of workers and gateways agree on who tries a job, and on how it has
 * ended: what they race for is an object that only one of them can create. Everything may be repeated when its answer
 * was lost. Thread-safe.
 */
public final class JobFolders {
    private static final String JSON = "application/json";
    private static final byte[] NOTHING = {};

    private final ObjectStore objects;

    public JobFolders(ObjectStore objects) {
        this.objects = objects;
    }

    /** Everything that is in the folder now. */
    public JobFolder look(JobId id) throws IOException {
        return new JobFolder(id, objects.list(ObjectKeys.folder(id)));
    }

    /**
     * Claims an attempt.
     *
     * @return whether it is the caller's; else somebody has claimed it before, or the job has ended
     */
    public boolean claim(JobId id, AttemptId attempt, Claim claim) throws IOException {
        String key = ObjectKeys.claim(id, attempt);
        boolean won = objects.putIfAbsent(key, JsonCodec.write(claim), JSON)
                || claim(id, attempt).filter(claim::equals).isPresent();
        return won && !removeIfEnded(id, key);
    }

    /** Who has that attempt; nothing when nobody has, or what is there is no claim. */
    public Optional<Claim> claim(JobId id, AttemptId attempt) throws IOException {
        Optional<byte[]> stored = objects.read(ObjectKeys.claim(id, attempt));
        try {
            return stored.isEmpty() ? Optional.empty() : Optional.of(JsonCodec.read(stored.get(), Claim.class));
        } catch (InvalidMessageException e) {
            return Optional.empty();
        }
    }

    /** The attempt ended in good order: it is not held against the job. */
    public void release(JobId id, AttemptId attempt) throws IOException {
        mark(id, ObjectKeys.released(id, attempt));
    }

    /** The attempt kept a state that goes further than those before it: it is not held against the job, however it ends. */
    public void progress(JobId id, AttemptId attempt) throws IOException {
        mark(id, ObjectKeys.progressed(id, attempt));
    }

    /** The attempt hung: it is held against the job again, though it made progress. */
    public void charge(JobId id, AttemptId attempt) throws IOException {
        objects.remove(ObjectKeys.progressed(id, attempt));
    }

    private void mark(JobId id, String key) throws IOException {
        objects.putIfAbsent(key, NOTHING, "text/plain");
        removeIfEnded(id, key);
    }

    /**
     * Removes what was just stored, if the job has ended: who ends it removes after that what he finds, and here is looked for
     * the end after the object was stored, so that one of the two removes it.
     *
     * @return whether the job has ended
     */
    public boolean removeIfEnded(JobId id, String key) throws IOException {
        boolean ended = objects.size(ObjectKeys.result(id)).isPresent();
        if (ended) {
            objects.remove(key);
        }
        return ended;
    }

    /** What was fixed by {@link #fixPrompt}; nothing where nobody has. */
    public Optional<DrawnPrompt> prompt(JobId id) throws IOException {
        String key = ObjectKeys.prompt(id);
        Optional<byte[]> stored = objects.read(key);
        try {
            return stored.isEmpty() ? Optional.empty() : Optional.of(JsonCodec.read(stored.get(), DrawnPrompt.class));
        } catch (InvalidMessageException e) {
            throw new IOException("%s is no prompt: %s".formatted(key, e.getMessage()), e);
        }
    }

    /**
     * Fixes what all attempts at the job draw, unless that is fixed.
     *
     * @return what they draw: {@code prompt}, or what came before it
     */
    public DrawnPrompt fixPrompt(JobId id, DrawnPrompt prompt) throws IOException {
        String key = ObjectKeys.prompt(id);
        if (objects.putIfAbsent(key, JsonCodec.write(prompt), JSON)) {
            removeIfEnded(id, key);
            return prompt;
        }
        return prompt(id).orElse(prompt);
    }

    /** The key of the image that a gateway has stored for the job; nothing where there is none. */
    public Optional<String> input(JobId id) throws IOException {
        return objects.list(ObjectKeys.input(id, "")).stream().findFirst();
    }

    /** How the job has ended, if it has. */
    public Optional<JobSnapshot> end(JobId id) throws IOException {
        String key = ObjectKeys.result(id);
        Optional<byte[]> stored = objects.read(key);
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonCodec.read(stored.get(), JobSnapshot.class));
        } catch (InvalidMessageException e) {
            throw new IOException("%s is no job: %s".formatted(key, e.getMessage()), e);
        }
    }

    /**
     * Ends the job, unless it has ended.
     *
     * @param end a terminal state
     * @return the job's one end: {@code end}, or the one that came before it
     */
    public JobSnapshot end(JobSnapshot end) throws IOException {
        String key = ObjectKeys.result(end.id());
        if (objects.putIfAbsent(key, JsonCodec.write(end), JSON)) {
            return end;
        }
        return end(end.id()).orElseThrow(() -> new IOException("the object store has and has not %s".formatted(key)));
    }

    /**
     * Removes all that is in the folder and the image that a gateway has stored, and replaces the end by one that says no more
     * than that: a request that is still on its way finds it.
     *
     * @param deleted as {@link JobSnapshot#deleted} gives it
     */
    public void delete(JobSnapshot deleted) throws IOException {
        objects.put(ObjectKeys.result(deleted.id()), JsonCodec.write(deleted), JSON);
        tidy(deleted);
        for (String key : objects.list(ObjectKeys.input(deleted.id(), ""))) {
            objects.remove(key);
        }
    }

    /** Removes all that is in the folder, the end last: until then every request still finds it. */
    public void forget(JobId id) throws IOException {
        String end = ObjectKeys.result(id);
        removeAllBut(Set.of(end), id);
        objects.remove(end);
    }

    /** Removes what is of no use once the job has ended so, and published: all but the end and its video. */
    public void tidy(JobSnapshot end) throws IOException {
        Set<String> kept = new HashSet<>(Set.of(ObjectKeys.result(end.id())));
        if (end.video() != null) {
            kept.add(end.video().key());
            kept.add(end.video().posterKey());
        }
        removeAllBut(kept, end.id());
    }

    /**
     * The same for a job of which is not known how it ended, or whether it is deleted; nothing where it has not ended.
     *
     * @return how it has ended
     */
    public Optional<JobSnapshot> tidy(JobId id) throws IOException {
        Optional<JobSnapshot> end = end(id);
        if (end.isPresent()) {
            tidy(end.get());
        }
        return end;
    }

    private void removeAllBut(Set<String> kept, JobId id) throws IOException {
        for (String key : look(id).keys()) {
            if (!kept.contains(key)) {
                objects.remove(key);
            }
        }
    }
}
