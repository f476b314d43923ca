package io.text2video.worker.kernels;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.text2video.worker.kernels.CpuPaths.Part;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was timed before, in this process or, by the file in the cache directory, in another one, so that all of a machine
 * choose alike. One times at once. What a process has chosen it keeps until it ends. Safe across threads.
 */
public final class CpuPathCache {
    /** What was unsteady is timed again by so many processes in all: a machine may never be quiet. */
    private static final int MOST_MEASUREMENTS = 4;

    private final CpuPathFile file;
    private final Map<Key, ChosenPaths> chosen = new HashMap<>();

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
                    KernelArchive.digest(cpu.vectors().toString()).substring(0, DIGITS),
                    Kernels.threads(),
                    library,
                    KernelArchive.digest(Device.Kind.CPU).substring(0, DIGITS),
                    dtype.name(),
                    sizes.toString());
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

    /** Times parts. */
    @FunctionalInterface
    interface Measurement {
        /** @param known parts that need not be timed again */
        Map<Part, PairedTimes> of(Map<Part, PairedTimes> known);
    }

    /** Waits for the first use. */
    private static final class OfThisProcess {
        private static final CpuPathCache CACHE = new CpuPathCache(CpuPathFile.of(System.getenv()));
    }

    CpuPathCache(CpuPathFile file) {
        this.file = file;
    }

    public static CpuPathCache ofThisProcess() {
        return OfThisProcess.CACHE;
    }

    /** What is kept for this machine, the newest first; empty where nothing is, or it cannot be read. */
    public List<Entry> kept() {
        Key here = Key.here(new ProbeSizes(0, 0, 0, 0, 0, 0, 0), DType.F32);
        return file.read().stream()
                .filter(entry -> entry.key().isOfSameMachine(here))
                .toList();
    }

    /** Takes what is kept, if it is settled; else times what is not. */
    ChosenPaths choose(Key key, Measurement measurement) {
        synchronized (CpuPathCache.class) {
            return chosen.computeIfAbsent(key, missing -> {
                Optional<Entry> seen = find(key);
                return seen.filter(Entry::isSettled)
                        .orElseGet(() -> measureAlone(key, seen, measurement))
                        .chosen();
            });
        }
    }

    private Entry measureAlone(Key key, Optional<Entry> seen, Measurement measurement) {
        Entry made = null;
        try (Closeable lock = file.lock()) {
            Optional<Entry> now = find(key);
            if (now.isPresent() && !now.equals(seen)) {
                // Somebody else came first. Both have the machine that they have: they are to choose alike, steady or
                // not.
                return now.get();
            }
            made = measure(key, now, measurement);
            file.write(made);
            return made;
        } catch (IOException e) {
            file.tell(e);
            return made == null ? measure(key, seen, measurement) : made;
        }
    }

    private Optional<Entry> find(Key key) {
        return file.read().stream().filter(entry -> entry.key().equals(key)).findFirst();
    }

    private static Entry measure(Key key, Optional<Entry> before, Measurement measurement) {
        Map<Part, PairedTimes> old = before.map(Entry::parts).orElse(Map.of());
        Map<Part, PairedTimes> known = new EnumMap<>(Part.class);
        old.forEach((part, times) -> {
            if (times.isSteady() && (!part.multiplies() || old.get(Part.LINEAR).isSteady())) {
                known.put(part, times);
            }
        });
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        return new Entry(key, now, before.map(Entry::measurements).orElse(0) + 1, merged(old, measurement.of(known)));
    }

    /** The steadier of both, where they were timed with the linears that are taken. */
    private static Map<Part, PairedTimes> merged(Map<Part, PairedTimes> old, Map<Part, PairedTimes> made) {
        Map<Part, PairedTimes> merged = new EnumMap<>(Part.class);
        merged.putAll(old);
        PairedTimes linear =
                made.get(Part.LINEAR).beats(old.get(Part.LINEAR)) ? made.get(Part.LINEAR) : old.get(Part.LINEAR);
        made.forEach((part, times) -> {
            boolean usable = !part.multiplies() || isSame(linear, made.get(Part.LINEAR));
            boolean oldIsUsable = old.containsKey(part) && (!part.multiplies() || isSame(linear, old.get(Part.LINEAR)));
            if (usable && (!oldIsUsable || times.beats(old.get(part)))) {
                merged.put(part, times);
            }
        });
        merged.put(Part.LINEAR, linear);
        return merged;
    }

    private static boolean isSame(PairedTimes linear, PairedTimes other) {
        return linear.otherIsFaster() == other.otherIsFaster();
    }
}
