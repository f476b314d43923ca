package io.text2video.worker.video;

import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.RgbImage;
import java.util.ArrayList;
import java.util.List;

/** Takes of a file's frames those that are nearest in time to even steps. Holds what it has taken. */
final class FrameSampler {
    private static final long SECOND = 1_000_000;

    private final InputVideo.Sampling sampling;
    private final List<RgbImage> taken = new ArrayList<>();

    private long first;
    private long last;
    private long lastDuration;
    /** The frame that is on show since {@link #last}; null before the first one. */
    private RgbImage shown;

    FrameSampler(InputVideo.Sampling sampling) {
        this.sampling = sampling;
    }

    /** The pixels of a frame, where they are wanted. */
    @FunctionalInterface
    interface Picture {
        RgbImage get() throws InvalidVideoException;
    }

    boolean isComplete() {
        return taken.size() == sampling.maxFrames();
    }

    /**
     * The file's next frame.
     *
     * @param time in microseconds, later than the one before
     * @param duration in microseconds; 0 when it is not known
     */
    void add(long time, long duration, Picture picture) throws InvalidVideoException {
        if (shown == null) {
            first = time;
        } else {
            if (time <= last) {
                throw new InvalidVideoException(
                        "the video's timestamps go back, or stand still, after %.3f s; encode it once more"
                                .formatted((last - first) / (double) SECOND));
            }
            requireShort(time);
            // What is nearer to the frame before than to this one, or as near.
            long middle = last + (time - last) / 2;
            while (!isComplete() && due() <= middle) {
                take();
            }
            if (isComplete()) {
                return;
            }
        }
        lastDuration = duration > 0 || shown == null ? duration : time - last;
        last = time;
        shown = sampling.prepare().apply(picture.get());
    }

    /** The frames taken, once the file has ended. */
    Frames end() throws InvalidVideoException {
        if (shown == null) {
            throw new InvalidVideoException("the video has no frames; encode it once more");
        }
        requireShort(last + lastDuration);
        while (!isComplete() && (taken.isEmpty() || due() < last + lastDuration)) {
            take();
        }
        RgbImage frame = taken.get(0);
        byte[] rgb = new byte[taken.size() * frame.rgb().length];
        for (int i = 0; i < taken.size(); i++) {
            System.arraycopy(taken.get(i).rgb(), 0, rgb, i * frame.rgb().length, frame.rgb().length);
        }
        return new Frames(taken.size(), frame.height(), frame.width(), rgb);
    }

    /** When the next frame is to be taken. */
    private long due() {
        return first + Math.round((double) SECOND * taken.size() / sampling.fps());
    }

    private void take() throws InvalidVideoException {
        if (!taken.isEmpty()
                && (taken.get(0).height() != shown.height() || taken.get(0).width() != shown.width())) {
            throw new InvalidVideoException("the video changes its size from %dx%d to %dx%d; encode it once more"
                    .formatted(taken.get(0).width(), taken.get(0).height(), shown.width(), shown.height()));
        }
        if ((taken.size() + 1L) * shown.rgb().length > InputVideo.MAX_KEPT_BYTES) {
            throw new InvalidVideoException(
                    "%d frames or more of %dx%d take more than %d bytes decoded; send a shorter or smaller video"
                            .formatted(taken.size() + 1, shown.width(), shown.height(), InputVideo.MAX_KEPT_BYTES));
        }
        taken.add(shown);
    }

    private void requireShort(long end) throws InvalidVideoException {
        if (end - first > InputVideo.MAX_SECONDS * SECOND) {
            throw new InvalidVideoException("the video lasts more than %d s, %.1f s; cut it"
                    .formatted(InputVideo.MAX_SECONDS, (end - first) / (double) SECOND));
        }
    }
}
