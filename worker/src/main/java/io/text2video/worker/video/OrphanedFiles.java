package io.text2video.worker.video;

import io.text2video.worker.files.FileTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Videos in the making of processes that were killed. Whose process lives is told by the lock that it holds, which goes with
 * it: a number would not do, as in a container each process has the same one, 1.
 */
public final class OrphanedFiles {
    private static final Logger LOG = Logger.getLogger(OrphanedFiles.class);

    private OrphanedFiles() {}

    /**
     * Removes those in {@code directory} whose process is gone. What cannot be removed is logged and stays. Safe across
     * threads and processes.
     *
     * @param directory where this process, too, puts its videos
     */
    public static synchronized void remove(Path directory) {
        Set<Path> directories = new TreeSet<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(entry -> entry.getFileName().toString().startsWith(VideoFiles.PREFIX))
                    .map(VideoFiles::directoryOf)
                    .forEach(directories::add);
        } catch (IOException e) {
            LOG.warnf("temporary files of killed workers stay directory=%s cause=%s", directory, e);
        }
        for (Path left : directories) {
            // To open the lock of this process, and to close it, would give it up.
            if (!VideoFiles.isOfThisProcess(left)) {
                removeUnlessLocked(left);
            }
        }
    }

    private static void removeUnlessLocked(Path left) {
        Path lockFile = VideoFiles.lockOf(left);
        // Whoever makes a directory has its lock before: one without it is nobody's.
        try (FileChannel channel = FileChannel.open(
                        lockFile,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                FileTree.delete(left);
                Files.deleteIfExists(lockFile);
                LOG.infof("removed what a killed worker left directory=%s", left);
            }
        } catch (IOException e) {
            LOG.warnf("temporary files of a killed worker stay directory=%s cause=%s", left, e);
        }
    }
}
