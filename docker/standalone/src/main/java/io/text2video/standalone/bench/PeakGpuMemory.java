package io.text2video.standalone.bench;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The most GPU memory of this process, as the driver counts it: with the context and what the allocator keeps, so that it
 * can be held against any other program's. Looked at from the start until it is asked for, as what is kept may be given back
 * between stages.
 */
final class PeakGpuMemory implements AutoCloseable {
    /** Asking takes some 30 ms of a processor. */
    private static final long INTERVAL_MILLIS = 500;

    private static final long MIB = 1L << 20;

    private final long pid;
    private final Supplier<Optional<String>> table;
    private final Repeater repeater = new Repeater("gpu-memory");
    private long most = -1;

    /** Begins to look at what this process holds, where there is a driver to ask. */
    static PeakGpuMemory watch() {
        return new PeakGpuMemory(
                ProcessHandle.current().pid(),
                () -> Command.output(
                        "nvidia-smi", "--query-compute-apps=pid,used_gpu_memory", "--format=csv,noheader,nounits"));
    }

    /** @param table a line {@code pid, MiB} for each GPU that a process uses; empty where nobody can be asked */
    PeakGpuMemory(long pid, Supplier<Optional<String>> table) {
        this.pid = pid;
        this.table = table;
        if (look()) {
            repeater.repeat(INTERVAL_MILLIS, this::look);
        }
    }

    /**
     * The most that it held so far, in bytes, of all GPUs together.
     *
     * @return empty without a GPU, and for a process that uses none
     */
    OptionalLong most() {
        look();
        synchronized (this) {
            return most < 0 ? OptionalLong.empty() : OptionalLong.of(most);
        }
    }

    @Override
    public void close() {
        repeater.close();
    }

    /** @return whether there is somebody to ask */
    private boolean look() {
        Optional<String> answer = table.get();
        OptionalLong held = answer.map(text -> of(pid, text)).orElseGet(OptionalLong::empty);
        synchronized (this) {
            most = Math.max(most, held.orElse(-1));
        }
        return answer.isPresent();
    }

    private static OptionalLong of(long pid, String table) {
        long[] rows = table.lines()
                .map(line -> line.split(",\\s*"))
                .filter(row -> row.length == 2 && row[0].equals(Long.toString(pid)) && row[1].matches("\\d+"))
                .mapToLong(row -> Long.parseLong(row[1]) * MIB)
                .toArray();
        return rows.length == 0
                ? OptionalLong.empty()
                : OptionalLong.of(Arrays.stream(rows).sum());
    }
}
