package io.text2video.worker.kernels;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.text2video.worker.files.CacheDirectory;
import io.text2video.worker.kernels.CpuPathCache.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * {@code cpu-paths.json} of the cache directory, which several processes read and replace as a whole. One that is broken
 * counts as empty, with a line in the log. Safe across threads.
 */
class CpuPathFile {
    private static final Logger LOG = Logger.getLogger(CpuPathFile.class);
    private static final String FILE = "cpu-paths.json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** A home may be shared by many machines. */
    private static final int MOST_ENTRIES = 64;

    private static final int LOOK_EVERY_MILLIS = 50;

    /** Times what timing takes: who holds the lock for longer has been stopped. */
    private static final int MOST_LOOKS = 400;

    private final Optional<Path> directory;
    private final AtomicBoolean told = new AtomicBoolean();

    private record Content(List<Entry> entries) {
        /** Those that are whole: somebody may have edited the file. */
        List<Entry> whole() {
            return entries == null
                    ? List.of()
                    : entries.stream()
                            .filter(entry -> entry != null && entry.key() != null && entry.parts() != null)
                            .filter(entry -> entry.parts().containsKey(CpuPaths.Part.LINEAR))
                            .filter(entry -> !entry.parts().containsValue(null))
                            .toList();
        }
    }

    /** @param directory empty for a file that is always empty */
    CpuPathFile(Optional<Path> directory) {
        this.directory = directory;
    }

    /** In the {@link CacheDirectory}. */
    static CpuPathFile of(Map<String, String> environment) {
        return new CpuPathFile(CacheDirectory.of(environment));
    }

    /** What it holds, the newest first. */
    List<Entry> read() {
        if (directory.isEmpty()) {
            return List.of();
        }
        try {
            Content content = JSON.readValue(Files.readAllBytes(directory.get().resolve(FILE)), Content.class);
            return content == null ? List.of() : content.whole();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            tell(e);
            return List.of();
        }
    }

    /** Once: whatever is wrong, it goes on without. */
    void tell(IOException e) {
        if (!told.getAndSet(true)) {
            LOG.warnf("what was timed of the CPU's ways cannot be read, or kept: %s", e);
        }
    }

    /** Puts an entry first, in the place of the one with its key. */
    void write(Entry made) throws IOException {
        if (directory.isEmpty()) {
            return;
        }
        Stream<Entry> others = read().stream().filter(entry -> !entry.key().equals(made.key()));
        var content = new Content(
                Stream.concat(Stream.of(made), others).limit(MOST_ENTRIES).toList());
        Path file = directory.get().resolve(FILE);
        Path whole = file.resolveSibling(FILE + "." + UUID.randomUUID());
        try {
            Files.write(
                    whole,
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content),
                    StandardOpenOption.CREATE_NEW);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** Waits until no other process times; closing gives it up. */
    Closeable lock() throws IOException {
        if (directory.isEmpty()) {
            return () -> {};
        }
        Files.createDirectories(directory.get());
        FileChannel channel = FileChannel.open(
                directory.get().resolve(FILE + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            for (int look = 0; look < MOST_LOOKS && channel.tryLock() == null; look++) {
                Thread.sleep(LOOK_EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return channel;
    }
}
