package io.text2video.worker.jobs;

import io.text2video.common.lifecycle.JobFolders;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.trace.JobContext;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.LatentPreviewSink;
import io.text2video.worker.video.PreviewPicture;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * What jobs look like while they are drawn, on its way to the store, on a thread of its own: no generation waits for the store,
 * and none fails because of it. Owns the thread. Thread-safe.
 */
public final class JobPreviews implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(JobPreviews.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int MOST_FRAMES = 16;

    /** After a failure: a store that is away is not asked at every step. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(15);

    /** For what is under way when the worker has nothing left to do. */
    private static final Duration LAST = Duration.ofSeconds(2);

    private final ObjectStore objects;
    private final JobFolders folders;
    private final int frames;
    private final boolean inEvents;
    private final LongSupplier nanoTime;
    private final ThreadPoolExecutor thread;

    /**
     * @param frames how many each preview shows side by side, evenly of the video; 0 for no previews at all
     * @param inEvents whether the events that tell of previews are to carry them
     * @throws IllegalArgumentException when frames are less than that, or more than 16
     */
    public JobPreviews(ObjectStore objects, int frames, boolean inEvents) {
        this(objects, frames, inEvents, System::nanoTime);
    }

    JobPreviews(ObjectStore objects, int frames, boolean inEvents, LongSupplier nanoTime) {
        if (frames < 0 || frames > MOST_FRAMES) {
            throw new IllegalArgumentException(
                    "a preview shows 1 to %d frames (WORKER_PREVIEW_FRAMES), not %d".formatted(MOST_FRAMES, frames));
        }
        this.objects = objects;
        this.frames = frames;
        this.inEvents = inEvents;
        this.nanoTime = nanoTime;
        folders = new JobFolders(objects);
        thread = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), task -> new Thread(task, "previews"));
        thread.allowCoreThreadTimeOut(true);
    }

    /** @param listener called on the thread of the previews */
    OfAttempt of(Attempt attempt, PreviewListener listener) {
        return new OfAttempt(attempt, listener);
    }

    /** Is told of previews that the store has now. */
    interface PreviewListener {
        /**
         * @param step after which it was made
         * @param picture the JPEG in base64, or null where it is not to be told
         */
        void onPreview(int step, String picture);
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LAST.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * One attempt's: at most one a second, and none while another is on its way. Closing it waits for nothing.
     */
    final class OfAttempt implements LatentPreviewSink, AutoCloseable {
        private final Attempt attempt;
        private final PreviewListener listener;
        private final String key;

        /** Of the generation's thread, where the first is due at once. */
        private long next = nanoTime.getAsLong();

        private volatile boolean sending;
        private volatile boolean over;
        private volatile long resting = next;

        /** Of the previews' thread. */
        private boolean kept;

        private boolean failed;

        private OfAttempt(Attempt attempt, PreviewListener listener) {
            this.attempt = attempt;
            this.listener = listener;
            key = ObjectKeys.preview(attempt.id(), attempt.number());
        }

        /** For the generation of this attempt. */
        LatentPreviewSink orNone() {
            return frames > 0 ? this : LatentPreviewSink.NONE;
        }

        @Override
        public int wanted(int step, int steps) {
            long now = nanoTime.getAsLong();
            return sending || now - next < 0 || now - resting < 0 ? 0 : frames;
        }

        @Override
        public void accept(int step, Supplier<Frames> picture) {
            next = nanoTime.getAsLong() + INTERVAL.toNanos();
            sending = true;
            try {
                thread.execute(() -> send(step, picture));
            } catch (RejectedExecutionException e) {
                LOG.debugf("preview not kept, as the worker stops %s", attempt);
            }
        }

        private void send(int step, Supplier<Frames> picture) {
            try (JobContext log = attempt.trace().open()) {
                if (!over) {
                    byte[] jpeg = PreviewPicture.jpeg(picture.get());
                    objects.put(key, jpeg, PreviewPicture.MEDIA_TYPE);
                    kept = true;
                    if (!over) {
                        listener.onPreview(step, inEvents ? Base64.getEncoder().encodeToString(jpeg) : null);
                    }
                }
            } catch (IOException | RuntimeException | Error e) {
                resting = nanoTime.getAsLong() + AFTER_FAILURE.toNanos();
                if (!failed) {
                    LOG.warnf("preview not kept %s cause=%s", attempt, e);
                }
                failed = true;
            } finally {
                sending = false;
            }
        }

        /** Whoever ends the job removes what he finds; what came after that is removed here. */
        private void tidy() {
            try {
                if (kept) {
                    folders.removeIfEnded(attempt.id(), key);
                }
            } catch (IOException | RuntimeException e) {
                LOG.debugf("preview may stay until its job is forgotten %s cause=%s", attempt, e);
            }
        }

        /** The attempt draws no more: what is not sent yet is not. */
        @Override
        public void close() {
            over = true;
            if (frames > 0) {
                try {
                    thread.execute(this::tidy);
                } catch (RejectedExecutionException e) {
                    LOG.debugf("preview may stay until its job is forgotten %s", attempt);
                }
            }
        }
    }
}
