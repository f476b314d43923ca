package io.text2video.standalone.bench;

import java.util.Arrays;
import java.util.OptionalLong;

/** The GPU memory of a process, as the driver counts it. */
final class GpuMemory {
    private static final long MIB = 1L << 20;

    private GpuMemory() {}

    /**
     * What this process holds, in bytes. Read after a generation this is its peak, as torch keeps what it has allocated.
     *
     * @return empty without a GPU, and for a process that uses none
     */
    static OptionalLong held() {
        return Command.output("nvidia-smi", "--query-compute-apps=pid,used_gpu_memory", "--format=csv,noheader,nounits")
                .map(table -> of(ProcessHandle.current().pid(), table))
                .orElseGet(OptionalLong::empty);
    }

    /** @param table a line {@code pid, MiB} for each GPU that a process uses */
    static OptionalLong of(long pid, String table) {
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
