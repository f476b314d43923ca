package io.text2video.standalone.fleet;

import io.text2video.worker.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A directory for a fleet: the one that was asked for, or a temporary one that goes when this is closed. */
public final class DataDirectory implements AutoCloseable {
    /** The broker makes segments as they fill; beside them are the worker's frames and videos. */
    private static final long ENOUGH = 1L << 30;

    private final Path path;
    private final boolean temporary;

    /**
     * @param wanted where to keep data, or null for a temporary place
     * @throws IOException when there can be no such directory, or nothing can be written in it
     */
    public DataDirectory(Path wanted) throws IOException {
        temporary = wanted == null;
        path = (temporary ? Files.createTempDirectory("text2video-") : made(wanted)).toRealPath();
    }

    private static Path made(Path wanted) throws IOException {
        if (Files.exists(wanted) && !Files.isDirectory(wanted)) {
            throw new IOException("the data directory %s is a file: --data names a directory".formatted(wanted));
        }
        try {
            Files.createDirectories(wanted);
        } catch (IOException e) {
            throw new IOException(
                    "the data directory %s cannot be made: %s; --data names another".formatted(wanted, e), e);
        }
        if (!Files.isWritable(wanted)) {
            throw new IOException("the data directory %s cannot be written: --data names another".formatted(wanted));
        }
        return wanted;
    }

    /** What to tell somebody whose disk may be full before the videos are drawn; nothing while there is room. */
    Optional<String> warning() throws IOException {
        return warning(path, Files.getFileStore(path).getUsableSpace());
    }

    static Optional<String> warning(Path path, long free) {
        return free >= ENOUGH
                ? Optional.empty()
                : Optional.of("only %d MiB are free in %s: broker and store need more, a few MB for each video"
                        .formatted(free >> 20, path));
    }

    boolean isTemporary() {
        return temporary;
    }

    /** The same as long as it is open. */
    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            // The broker's threads may still be removing files of their own.
            FileTree.delete(path);
        }
    }
}
