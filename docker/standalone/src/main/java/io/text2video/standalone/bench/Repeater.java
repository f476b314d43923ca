package io.text2video.standalone.bench;

import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Does one thing again and again on a thread of its own, until it fails or this is closed. */
final class Repeater implements AutoCloseable {
    private final ScheduledExecutorService executor;

    /** @param name of the thread, which starts with the first work */
    Repeater(String name) {
        executor = Executors.newSingleThreadScheduledExecutor(work -> {
            var thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** @param millis before the first time, and between two */
    void repeat(long millis, Callable<?> work) {
        executor.scheduleWithFixedDelay(() -> run(work), millis, millis, TimeUnit.MILLISECONDS);
    }

    /** A failure ends what is repeated: the executor does not run it again. */
    private static void run(Callable<?> work) {
        try {
            work.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
