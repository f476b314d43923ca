package io.text2video.worker.video;

import io.text2video.worker.files.FileTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where a video and its poster are put: a temporary directory, which goes with them when this is closed. A lock on the file
 * beside it tells other processes that it is in use.
 */
final class VideoFiles implements AutoCloseable {
    static final String PREFIX = "text2video-video-";

    private static final String LOCK = ".lock";
    private static final Set<Path> OF_THIS_PROCESS = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel lock;

    private VideoFiles(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    static VideoFiles make() throws IOException {
        return make(Path.of(System.getProperty("java.io.tmpdir")));
    }

    static VideoFiles make(Path parent) throws IOException {
        while (true) {
            // The number is for people who look; in a container it is no mark.
            Path directory = parent.resolve(PREFIX + ProcessHandle.current().pid() + "-" + UUID.randomUUID());
            OF_THIS_PROCESS.add(directory);
            FileChannel lock = null;
            try {
                lock = FileChannel.open(lockOf(directory), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                // A worker that tidies up may have locked the file first, and removed it.
                if (lock.tryLock() != null && Files.exists(lockOf(directory))) {
                    Files.createDirectory(
                            directory,
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                    return new VideoFiles(directory, lock);
                }
                release(directory, lock);
            } catch (IOException e) {
                release(directory, lock);
                throw e;
            }
        }
    }

    static Path lockOf(Path directory) {
        return directory.resolveSibling(directory.getFileName() + LOCK);
    }

    /** @param entry a directory or the lock beside it */
    static Path directoryOf(Path entry) {
        String name = entry.getFileName().toString();
        return name.endsWith(LOCK) ? entry.resolveSibling(name.substring(0, name.length() - LOCK.length())) : entry;
    }

    static boolean isOfThisProcess(Path directory) {
        return OF_THIS_PROCESS.contains(directory);
    }

    Path directory() {
        return directory;
    }

    Path mp4() {
        return directory.resolve("video.mp4");
    }

    Path poster() {
        return directory.resolve("poster.png");
    }

    @Override
    public void close() throws IOException {
        try {
            FileTree.delete(directory);
        } finally {
            release(directory, lock);
        }
    }

    private static void release(Path directory, FileChannel lock) throws IOException {
        try {
            Files.deleteIfExists(lockOf(directory));
        } finally {
            if (lock != null) {
                lock.close();
            }
            OF_THIS_PROCESS.remove(directory);
        }
    }
}
