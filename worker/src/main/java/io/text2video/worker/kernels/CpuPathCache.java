package io.text2video.worker.kernels;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.text2video.worker.kernels.CpuPaths.Part;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * What was timed before, in {@code cpu-paths.json} of the cache directory, so that all processes of a machine choose alike.
 * One times at once, under a lock, and replaces the file as a whole. Where there is no usable file, each process times for
 * itself, and says so. What a process has chosen it keeps until it ends. Safe across threads.
 */
public final class CpuPathCache {
    private static final Logger LOG = Logger.getLogger(CpuPathCache.class);
    private static final String FILE = "cpu-paths.json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** What was unsteady is timed again by so many processes in all: a machine may never be quiet. */
    private static final int MOST_MEASUREMENTS = 4;

    private static final int MOST_ENTRIES = 64;
    private static final int LOOK_EVERY_MILLIS = 50;

    /** Times what timing takes: who holds the lock for longer has been stopped. */
    private static final int MOST_LOOKS = 400;

    private final Optional<Path> directory;
    private final Map<Key, ChosenPaths> chosen = new HashMap<>();
    private boolean told;

    /**
     * What a choice depends on.
     *
     * @param flags names the CPU's flags
     * @param library libtorch's version
     * @param kernels names their source
     */
    public record Key(
            String cpu, String flags, int threads, String library, String kernels, String dtype, String sizes) {
        private static final int DIGITS = 16;

        static Key here(ProbeSizes sizes, DType dtype) {
            CpuFeatures cpu = CpuFeatures.ofThisMachine();
            String library = Kernels.library();
            return new Key(
                    cpu.model(),
                    digest(cpu.vectors().toString()),
                    Kernels.threads(),
                    library,
                    KernelArchive.digest(Device.Kind.CPU).substring(0, DIGITS),
                    dtype.name(),
                    sizes.toString());
        }

        private static String digest(String text) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)))
                        .substring(0, DIGITS);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Whether it is of the same machine, engine and kernels. */
        boolean isOfSameMachine(Key other) {
            return equals(new Key(other.cpu, other.flags, other.threads, other.library, other.kernels, dtype, sizes));
        }
    }

    /**
     * What was timed.
     *
     * @param date of the last time, in ISO 8601, UTC
     * @param measurements how often
     */
    public record Entry(Key key, String date, int measurements, Map<Part, PairedTimes> parts) {
        /** What came of it. */
        @JsonIgnore
        public ChosenPaths chosen() {
            return ChosenPaths.by(parts);
        }

        /** Whether it is not timed again. */
        @JsonIgnore
        public boolean isSettled() {
            return measurements >= MOST_MEASUREMENTS || parts.values().stream().allMatch(PairedTimes::isSteady);
        }
    }

    private record Content(List<Entry> entries) {
        /** Those that are whole: somebody may have edited the file. */
        List<Entry> whole() {
            return entries == null
                    ? List.of()
                    : entries.stream()
                            .filter(entry -> entry != null && entry.key() != null && entry.parts() != null)
                            .filter(entry -> !entry.parts().containsValue(null))
                            .toList();
        }
    }

    /** Times parts. */
    @FunctionalInterface
    interface Measurement {
        /** @param known parts that need not be timed again */
        Map<Part, PairedTimes> of(Map<Part, PairedTimes> known);
    }

    /** Waits for the first use. */
    private static final class OfThisProcess {
        private static final CpuPathCache CACHE = of(System.getenv());
    }

    /** @param directory empty for a cache that lasts as long as the process */
    CpuPathCache(Optional<Path> directory) {
        this.directory = directory;
    }

    /** In {@code TEXT2VIDEO_CACHE}, else {@code text2video} in {@code XDG_CACHE_HOME} or {@code ~/.cache}. */
    static CpuPathCache of(Map<String, String> environment) {
        return new CpuPathCache(path(environment, "TEXT2VIDEO_CACHE")
                .or(() -> path(environment, "XDG_CACHE_HOME").map(cache -> cache.resolve("text2video")))
                .or(() -> path(environment, "HOME").map(home -> home.resolve(Path.of(".cache", "text2video")))));
    }

    public static CpuPathCache ofThisProcess() {
        return OfThisProcess.CACHE;
    }

    private static Optional<Path> path(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(text -> !text.isBlank())
                .map(Path::of);
    }

    /** What is kept for this machine, the newest first; empty where nothing is, or it cannot be read. */
    public List<Entry> kept() {
        Key here = Key.here(new ProbeSizes(0, 0, 0, 0, 0, 0, 0), DType.F32);
        return read().stream()
                .filter(entry -> entry.key().isOfSameMachine(here))
                .toList();
    }

    /** Takes what is kept, if it is settled; else times what is not. */
    ChosenPaths choose(Key key, Measurement measurement) {
        synchronized (CpuPathCache.class) {
            return chosen.computeIfAbsent(key, missing -> find(key)
                    .filter(Entry::isSettled)
                    .orElseGet(() -> measureAlone(key, measurement))
                    .chosen());
        }
    }

    private Entry measureAlone(Key key, Measurement measurement) {
        if (directory.isEmpty()) {
            return measure(key, Optional.empty(), measurement);
        }
        Entry made = null;
        try (FileChannel lock = lock(directory.get())) {
            // Somebody else may have come first.
            Optional<Entry> before = find(key);
            if (before.isPresent() && before.get().isSettled()) {
                return before.get();
            }
            made = measure(key, before, measurement);
            write(made);
            return made;
        } catch (IOException e) {
            tell(e);
            return made == null ? measure(key, find(key), measurement) : made;
        }
    }

    private static Entry measure(Key key, Optional<Entry> before, Measurement measurement) {
        Map<Part, PairedTimes> steady = new EnumMap<>(Part.class);
        Map<Part, PairedTimes> parts = new EnumMap<>(Part.class);
        before.ifPresent(entry -> parts.putAll(entry.parts()));
        parts.forEach((part, times) -> {
            if (times.isSteady()) {
                steady.put(part, times);
            }
        });
        measurement.of(steady).forEach((part, times) -> {
            if (times.beats(parts.get(part))) {
                parts.put(part, times);
            }
        });
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        return new Entry(key, now, before.map(Entry::measurements).orElse(0) + 1, parts);
    }

    private Optional<Entry> find(Key key) {
        return read().stream().filter(entry -> entry.key().equals(key)).findFirst();
    }

    private List<Entry> read() {
        if (directory.isEmpty()) {
            return List.of();
        }
        Path file = directory.get().resolve(FILE);
        try {
            Content content = JSON.readValue(Files.readAllBytes(file), Content.class);
            return content == null ? List.of() : content.whole();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            tell(e);
            return List.of();
        }
    }

    /** Once: whatever is wrong, it goes on without. */
    private void tell(IOException e) {
        synchronized (CpuPathCache.class) {
            if (!told) {
                LOG.warnf("what was timed of the CPU's ways cannot be kept, or read: %s", e);
            }
            told = true;
        }
    }

    private void write(Entry made) throws IOException {
        Stream<Entry> others = read().stream().filter(entry -> !entry.key().equals(made.key()));
        List<Entry> entries =
                Stream.concat(Stream.of(made), others).limit(MOST_ENTRIES).collect(Collectors.toList());
        Path file = directory.orElseThrow().resolve(FILE);
        Path whole = file.resolveSibling(FILE + "." + UUID.randomUUID());
        try {
            Files.write(
                    whole,
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(new Content(entries)),
                    StandardOpenOption.CREATE_NEW);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** Waits until no other process times; closing gives it up. */
    private static FileChannel lock(Path directory) throws IOException {
        Files.createDirectories(directory);
        FileChannel channel = FileChannel.open(
                directory.resolve(FILE + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
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
