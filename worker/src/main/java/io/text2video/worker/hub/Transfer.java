package io.text2video.worker.hub;

import io.text2video.worker.hub.HubException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import okhttp3.Response;

/** The bytes of one file, from where they stand to the end, over as many connections as it takes. For one thread. */
final class Transfer {
    private static final int PIECE = 1 << 18;

    /** A store without ranges has to send all in one go; one that tells a wrong size never ends otherwise. */
    private static final int MOST_RESTARTS = 5;

    private final HubClient client;
    private final RemoteFile file;
    private final FileChannel out;
    private final ProgressCount progress;
    private final DiskSpace disk;
    private int restarts;

    Transfer(HubClient client, RemoteFile file, FileChannel out, ProgressCount progress, DiskSpace disk) {
        this.client = client;
        this.file = file;
        this.out = out;
        this.progress = progress;
        this.disk = disk;
    }

    void run(DownloadRetries retries) throws IOException, InterruptedException {
        if (out.size() > file.size()) {
            out.truncate(0);
        }
        progress.found(out.size());
        // Attempts that bring something do not add up: a line that breaks often is slow, not dead.
        while (out.size() < file.size()) {
            retries.call(file.name() + " cannot be fetched", () -> {
                append();
                return null;
            });
        }
        out.force(false);
    }

    /** @throws IOException when it brought nothing */
    private void append() throws IOException {
        long start = out.size();
        try (Response response = client.open(file, start)) {
            if (!continues(response, start)) {
                restart();
                if (response.code() != 200) {
                    throw new TransientFailure("no bytes were to be had from " + start + " on", null);
                }
            }
            copy(response.body().byteStream());
        } catch (HubException e) {
            throw e;
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted() || out.size() <= start) {
                throw e;
            }
        }
    }

    private static boolean continues(Response response, long start) {
        return response.code() == 206
                ? response.header("Content-Range", "").startsWith("bytes " + start + "-")
                : response.code() == 200 && start == 0;
    }

    private void restart() throws IOException {
        progress.found(-out.size());
        out.truncate(0);
        restarts++;
        if (restarts > MOST_RESTARTS) {
            throw new HubException(
                    Reason.UNEXPECTED_ANSWER,
                    "%s does not come to the %d bytes that the hub announced, or not in one piece from a store without ranges"
                            .formatted(file.name(), file.size()));
        }
    }

    private void copy(InputStream in) throws IOException {
        byte[] piece = new byte[PIECE];
        long start = out.size();
        long position = start;
        for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
            if (length > file.size() - position) {
                restart();
                throw new HubException(
                        Reason.UNEXPECTED_ANSWER,
                        "%s is longer than the %d bytes that the hub announced".formatted(file.name(), file.size()));
            }
            write(ByteBuffer.wrap(piece, 0, length), position);
            position += length;
            progress.fetched(length);
        }
        if (position == start) {
            throw new TransientFailure("an empty answer", null);
        }
    }

    private void write(ByteBuffer piece, long position) throws HubException {
        try {
            long at = position;
            while (piece.hasRemaining()) {
                at += out.write(piece, at);
            }
        } catch (IOException e) {
            throw disk.failure(e);
        }
    }
}
