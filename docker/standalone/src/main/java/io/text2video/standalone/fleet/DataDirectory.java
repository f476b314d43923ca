package io.text2video.standalone.fleet;

import io.text2video.worker.files.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory for a fleet: the one that was asked for, or a temporary one that goes when this is closed. */
public final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final boolean temporary;

    /** @param wanted where to keep data, or null for a temporary place */
    public DataDirectory(Path wanted) throws IOException {
        temporary = wanted == null;
        path = (temporary ? Files.createTempDirectory("text2video-") : Files.createDirectories(wanted)).toRealPath();
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
