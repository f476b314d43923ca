package io.text2video.worker.plan;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much memory a generation may take.
 *
 * @param bytes a generation that needs no more is not asked to save
 * @param most a generation that needs more even when it saves is refused. Where it was not given, mapped weights do not
 *     count against it, since the system drops and reads them again as it must
 * @param given whether it was asked for, with {@code --memory}, or is what there is
 */
public record MemoryBudget(long bytes, long most, boolean given) {
    /** Of what is free; the rest is for whatever else grows meanwhile. */
    private static final double SHARE = 0.9;

    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path SELF = Path.of("/proc/self/status");

    /** What was asked for; else what the container or the machine has to give now. */
    public static MemoryBudget of(Optional<MemorySize> memory) {
        return memory.map(size -> new MemoryBudget(size.bytes(), size.bytes(), true))
                .orElseGet(MemoryBudget::available);
    }

    /** Java knows a container's limit. What this process holds already is the generation's to use. */
    private static MemoryBudget available() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long all = system.getTotalMemorySize();
        long free = kibibytes(MEMORY, "MemAvailable").orElse(all)
                + kibibytes(SELF, "RssAnon").orElse(0L);
        return new MemoryBudget((long) (SHARE * Math.min(all, free)), all, false);
    }

    /** A line of a file of the kernel's, in bytes; empty on systems that have none. */
    private static Optional<Long> kibibytes(Path file, String name) {
        try {
            Matcher line = Pattern.compile("(?m)^" + name + ":\\s+(\\d+) kB$").matcher(Files.readString(file));
            return line.find() ? Optional.of(Long.parseLong(line.group(1)) << 10) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether it admits what cannot save more. */
    boolean admits(long peak, long held) {
        return (given ? peak : held) <= most;
    }

    @Override
    public String toString() {
        return MemorySize.text(bytes) + (given ? " (--memory)" : " (available)");
    }
}
