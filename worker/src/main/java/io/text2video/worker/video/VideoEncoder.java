package io.text2video.worker.video;

import io.text2video.worker.pipeline.FrameSink;
import io.text2video.worker.pipeline.Frames;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Encodes a video while it is decoded: on a thread of its own, which ends when this is closed. Holds at most two chunks of
 * frames, the one that it encodes and the next; who brings a third one waits.
 *
 * <p>For one caller's thread at a time. What fails here is thrown at the caller's next call, and what the caller does not
 * finish leaves no file.
 */
public final class VideoEncoder implements FrameSink, AutoCloseable {
    private static final int CHUNKS = 2;
    /** Bytes; a file that cannot be written with less left is not the file's fault. */
    private static final long NO_ROOM = 1 << 20;

    private final int fps;
    private final Optional<String> comment;
    private final VideoFiles files;
    private final Semaphore room = new Semaphore(CHUNKS);
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "video-encoder"));
    private volatile Throwable failure;
    private boolean handedOver;

    // Of the encoder's thread, until finish() has waited for it.
    private Mp4Encoder mp4;
    private long busyNanos;

    /** As below, of a file without a comment. */
    public VideoEncoder(int fps) throws IOException {
        this(fps, Optional.empty());
    }

    /**
     * An encoder that waits for frames.
     *
     * @param comment for the file's tag of that name
     * @throws DiskFullException when there is no room for the files
     * @throws IOException when there is no place for them
     */
    public VideoEncoder(int fps, Optional<String> comment) throws IOException {
        this.fps = fps;
        this.comment = comment;
        this.files = VideoFiles.make();
    }

    /** @throws VideoEncodingException when earlier frames could not be encoded */
    @Override
    public void accept(Frames chunk) {
        requireNoFailure();
        room.acquireUninterruptibly();
        thread.execute(() -> {
            try {
                run(() -> encode(chunk));
            } finally {
                room.release();
            }
        });
    }

    /**
     * Waits for the last frame; there must have been one.
     *
     * @return the video, the caller's to close
     * @throws VideoEncodingException when any of it could not be encoded
     */
    public EncodedVideo finish() {
        thread.execute(() -> run(this::end));
        awaitThread();
        requireNoFailure();
        handedOver = true;
        return new EncodedVideo(files, mp4.frames(), mp4.height(), mp4.width(), Duration.ofNanos(busyNanos));
    }

    /** Ends the encoding, finished or not. */
    @Override
    public void close() throws IOException {
        if (handedOver) {
            return;
        }
        if (failure == null) {
            failure = new CancellationException("the encoder was closed");
        }
        awaitThread();
        if (mp4 != null) {
            mp4.close();
        }
        files.close();
    }

    /** Where the encoder works. */
    VideoFiles files() {
        return files;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private void run(Work work) {
        if (failure != null) {
            return;
        }
        long start = System.nanoTime();
        try {
            work.run();
        } catch (IOException e) {
            failure = DiskFullException.isCause(e) || hasNoRoom()
                    ? new DiskFullException(e.getMessage(), e)
                    : new VideoEncodingException(e.getMessage(), e);
        } catch (Throwable e) {
            // Also a native library's: it is the caller's to see, on a thread that somebody watches.
            failure = e;
        }
        busyNanos += System.nanoTime() - start;
    }

    private void encode(Frames chunk) throws IOException {
        if (mp4 == null) {
            mp4 = Mp4Encoder.open(files.mp4(), chunk.height(), chunk.width(), fps, comment);
            Poster.write(chunk, files.poster());
        }
        mp4.add(chunk);
    }

    private boolean hasNoRoom() {
        try {
            return Files.getFileStore(files.directory()).getUsableSpace() < NO_ROOM;
        } catch (IOException e) {
            return false;
        }
    }

    private void end() throws IOException {
        if (mp4 == null) {
            throw new IllegalStateException("no frame has come");
        }
        mp4.finish();
        Mp4Boxes.requireWhole(files.mp4());
    }

    private void requireNoFailure() {
        Throwable failed = failure;
        if (failed instanceof VideoEncodingException encoding) {
            throw encoding;
        }
        if (failed != null) {
            throw new VideoEncodingException("the video encoder broke: " + failed, failed);
        }
    }

    /** What is under way is short: an interrupt does not end the waiting for it. */
    private void awaitThread() {
        thread.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = thread.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
