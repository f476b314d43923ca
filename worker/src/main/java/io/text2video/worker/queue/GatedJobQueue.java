package io.text2video.worker.queue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A queue that gives no jobs while a gate is closed; those that are held are held on. */
public final class GatedJobQueue implements JobQueue {
    private final JobQueue queue;
    private final BooleanSupplier open;

    /** @param open asked before each job */
    public GatedJobQueue(JobQueue queue, BooleanSupplier open) {
        this.queue = queue;
        this.open = open;
    }

    @Override
    public int capacity() {
        return queue.capacity();
    }

    @Override
    public Optional<Delivery> next(Duration wait) {
        if (open.getAsBoolean()) {
            return queue.next(wait);
        }
        try {
            TimeUnit.NANOSECONDS.sleep(wait.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        queue.close();
    }
}
