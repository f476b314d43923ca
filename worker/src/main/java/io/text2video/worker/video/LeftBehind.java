package io.text2video.worker.video;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Videos in the making of processes that were killed. Their directories' names tell whose they are. */
public final class LeftBehind {
    static final String PREFIX = "text2video-video-";

    private static final Logger LOG = Logger.getLogger(LeftBehind.class);
    private static final Pattern NAME = Pattern.compile(Pattern.quote(PREFIX) + "(\\d{1,18})-.*");

    private LeftBehind() {}

    /**
     * Removes those in {@code directory} whose process is gone. What cannot be removed is logged and stays.
     *
     * @param directory where this process, too, puts its videos
     */
    public static void remove(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                Matcher name = NAME.matcher(entry.getFileName().toString());
                if (name.matches()
                        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                    removeAll(entry);
                    LOG.infof("removed what a killed worker left directory=%s", entry);
                }
            }
        } catch (IOException e) {
            LOG.warnf("temporary files of killed workers stay directory=%s cause=%s", directory, e);
        }
    }

    private static void removeAll(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
