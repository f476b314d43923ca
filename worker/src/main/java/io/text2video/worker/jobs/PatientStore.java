package io.text2video.worker.jobs;

import io.text2video.common.storage.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** The object store for a job, which waits for it while it does not answer. */
record PatientStore(ObjectStore objects, Backoff patience) {
    /** What is asked of the store. */
    @FunctionalInterface
    interface Call<T> {
        T on(ObjectStore objects) throws IOException;
    }

    /**
     * Asks until the store answers.
     *
     * @throws StorageException when it stays away for too long
     * @throws AbandonedException when the attempt is not to go on
     */
    <T> T insist(Attempt attempt, Call<T> call) throws StorageException {
        return insist(attempt::pause, call);
    }

    /**
     * The same before there is an attempt.
     *
     * @param pause waits for the given time, or throws to give up
     */
    <T> T insist(Consumer<Duration> pause, Call<T> call) throws StorageException {
        try {
            return patience.insist(() -> call.on(objects), pause);
        } catch (IOException e) {
            throw new StorageException(e);
        }
    }
}
