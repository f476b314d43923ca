package io.text2video.worker.video;

import io.text2video.worker.files.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where a video and its poster are put, or the video that another one is made from: a temporary directory, which goes with
 * them when this is closed. A lock on the file beside it tells other processes that it is in use.
 */
public final class VideoFiles implements AutoCloseable {
    static final String PREFIX = "text2video-video-";

    /** Bytes. */
    private static final int PART = 1 << 16;

    private static final String LOCK = ".lock";
    private static final Set<Path> OF_THIS_PROCESS = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel lock;

    private VideoFiles(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Makes a directory among the temporary files of this machine.
     *
     * @throws DiskFullException when there is no room for it
     * @throws IOException when there is no place for it
     */
    public static VideoFiles make() throws IOException {
        try {
            return make(Path.of(System.getProperty("java.io.tmpdir")));
        } catch (IOException e) {
            if (DiskFullException.isCause(e)) {
                throw new DiskFullException(e.getMessage(), e);
            }
            throw e;
        }
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

    /** The video that another one is made from, of whatever format. */
    public Path input() {
        return directory.resolve("input");
    }

    /**
     * Makes what a stream has {@link #input}, over what was there.
     *
     * @param between is called before each of its parts; what it throws ends this
     * @throws DiskFullException when there is no room for it
     * @throws IOException when the stream breaks off
     * @throws UncheckedIOException when the file cannot be written for another reason
     */
    public void takeInput(InputStream in, Runnable between) throws IOException {
        byte[] part = new byte[PART];
        try (OutputStream out = open(input())) {
            for (int length = in.read(part); length >= 0; length = in.read(part)) {
                between.run();
                write(out, part, length);
            }
        }
    }

    private static OutputStream open(Path file) {
        try {
            return Files.newOutputStream(file);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static void write(OutputStream out, byte[] part, int length) {
        try {
            out.write(part, 0, length);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** None of the stream's failures, which may be tried again. */
    private static RuntimeException unwritable(IOException failure) {
        return DiskFullException.isCause(failure)
                ? new DiskFullException(failure.getMessage(), failure)
                : new UncheckedIOException(failure);
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
