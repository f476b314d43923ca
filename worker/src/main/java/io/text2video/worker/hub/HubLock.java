package io.text2video.worker.hub;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import io.text2video.worker.hub.HubException.Reason;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * The lock that huggingface_hub holds while it fetches a blob: {@code flock(2)} on a file that stays. Java's own file
 * locks are {@code fcntl(2)}'s, which Linux keeps apart from these, so they would not exclude a running
 * {@code hf download}. As each lock opens the file itself, threads of one process exclude each other too. On a file
 * system without {@code flock} there is an error.
 */
final class HubLock implements AutoCloseable {
    private static final int READ_WRITE = 2;
    private static final int EXCLUSIVE_NOW = 2 | 4;

    /** {@code EINTR}, and {@code EWOULDBLOCK} of Linux and of macOS. */
    private static final Set<Integer> BUSY = Set.of(4, 11, 35);

    /** filelock looks as often. */
    private static final long LOOK_EVERY_MILLIS = 50;

    private interface LibC extends Library {
        int open(String path, int flags) throws LastErrorException;

        int flock(int descriptor, int operation) throws LastErrorException;

        int close(int descriptor) throws LastErrorException;
    }

    private static final class Loaded {
        private static final LibC LIBC = Native.load(
                "c",
                LibC.class,
                Map.of(Library.OPTION_STRING_ENCODING, System.getProperty("sun.jnu.encoding", "UTF-8")));
    }

    private final int descriptor;

    private HubLock(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Waits until nobody else holds it.
     *
     * @throws HubException when the file system has no such locks
     */
    static HubLock acquire(Path file) throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        while (true) {
            HubLock lock = attempt(file);
            if (lock != null) {
                return lock;
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
    }

    private static HubLock attempt(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // As it should be: it is never removed.
        }
        int descriptor = -1;
        try {
            Object before = Files.getAttribute(file, "unix:ino");
            descriptor = Loaded.LIBC.open(file.toString(), READ_WRITE);
            Loaded.LIBC.flock(descriptor, EXCLUSIVE_NOW);
            // Somebody who tidies up may have removed it meanwhile: then this is a lock on nothing.
            if (before.equals(Files.getAttribute(file, "unix:ino"))) {
                return new HubLock(descriptor);
            }
        } catch (NoSuchFileException e) {
            // Removed meanwhile, likewise.
        } catch (LastErrorException e) {
            if (!BUSY.contains(e.getErrorCode())) {
                close(descriptor);
                throw new HubException(
                        Reason.CACHE_UNUSABLE,
                        "%s cannot be locked (%s); --cache-dir names another place"
                                .formatted(file, Printable.of(e.getMessage())),
                        e);
            }
        }
        close(descriptor);
        return null;
    }

    /** Closing the descriptor gives up the lock. */
    private static void close(int descriptor) {
        if (descriptor >= 0) {
            Loaded.LIBC.close(descriptor);
        }
    }

    @Override
    public void close() {
        close(descriptor);
    }
}
