package io.text2video.standalone.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Looks at this process's memory every {@value #INTERVAL_MILLIS} ms on a thread of its own, until closed. The kernel keeps
 * the peak of the whole resident set only: which stage it belongs to, and what of it are pages of files, shows by looking
 * often.
 */
final class MemorySampler implements AutoCloseable {
    static final int INTERVAL_MILLIS = 20;

    /** @param nanos {@link System#nanoTime} */
    private record Sample(long nanos, ProcessMemory.Reading reading) {}

    private final ProcessMemory memory;
    private final List<Sample> samples = new ArrayList<>();
    private final Repeater repeater = new Repeater("memory-sampler");

    /** @throws IOException where the kernel does not tell */
    MemorySampler(ProcessMemory memory) throws IOException {
        this.memory = memory;
        sample();
        // Where the kernel tells no more, what there is stays.
        repeater.repeat(INTERVAL_MILLIS, () -> {
            sample();
            return null;
        });
    }

    /**
     * The most that was seen in a span of time, its ends included.
     *
     * @param from {@link System#nanoTime}, since this was started
     * @param to the same, now at the latest
     */
    synchronized MeasuredStageMemory between(String stage, long from, long to) {
        List<ProcessMemory.Reading> inside = new ArrayList<>();
        for (Sample sample : samples) {
            if (sample.nanos() - from < 0) {
                // Of a span without a sample the last one before it tells.
                inside.clear();
            }
            if (sample.nanos() - to <= 0) {
                inside.add(sample.reading());
            }
        }
        return new MeasuredStageMemory(
                stage,
                most(inside, ProcessMemory.Reading::resident),
                most(inside, ProcessMemory.Reading::anonymous),
                most(inside, ProcessMemory.Reading::file));
    }

    @Override
    public void close() {
        repeater.close();
    }

    private synchronized void sample() throws IOException {
        samples.add(new Sample(System.nanoTime(), memory.read()));
    }

    private static long most(List<ProcessMemory.Reading> readings, ToLongFunction<ProcessMemory.Reading> kind) {
        return readings.stream().mapToLong(kind).max().orElseThrow();
    }
}
