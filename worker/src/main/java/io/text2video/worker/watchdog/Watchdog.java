package io.text2video.worker.watchdog;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Watches what threads do, and acts when one of them makes no progress for too long: a native call that never returns
 * cannot be interrupted. Thread-safe.
 */
public final class Watchdog implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Watchdog.class);
    private static final long LOOK_MS = 500;

    private final Duration limit;
    private final Consumer<Watch> stalled;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final Thread thread = new Thread(this::look, "watchdog");

    /**
     * Begins to watch.
     *
     * @param limit how long there may be no progress; zero for any time
     * @param stalled is told, on the watchdog's thread, what made none
     */
    public Watchdog(Duration limit, Consumer<Watch> stalled) {
        this.limit = limit;
        this.stalled = stalled;
        thread.setDaemon(true);
        if (!limit.isZero()) {
            thread.start();
        }
    }

    /** The calling thread begins something. */
    public Watch begin(String what) {
        var watch = new Watch(what);
        watches.add(watch);
        return watch;
    }

    private void look() {
        try {
            while (true) {
                for (Watch watch : watches) {
                    long still = System.nanoTime() - watch.progressed;
                    if (!watch.resting && still > limit.toNanos()) {
                        LOG.errorf("no progress what=%s seconds=%d limit=%s", watch, still / 1_000_000_000, limit);
                        stalled.accept(watch);
                        return;
                    }
                }
                Thread.sleep(LOOK_MS);
            }
        } catch (InterruptedException closed) {
            LOG.debug("watchdog closed");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /** Something that is watched until it is closed. */
    public final class Watch implements AutoCloseable {
        private final String what;
        private final Thread thread = Thread.currentThread();
        private volatile long progressed = System.nanoTime();
        private volatile boolean resting;

        /** The kernel that it is in, or was last; null before the first. */
        private volatile String kernel;

        private Watch(String what) {
            this.what = what;
        }

        /** It goes on. */
        public void progress() {
            progressed = System.nanoTime();
            resting = false;
        }

        /** It goes on, with a kernel. */
        void progress(String next) {
            kernel = next;
            progress();
        }

        /** The thread that does it. */
        public Thread thread() {
            return thread;
        }

        /** Until the next progress it waits for something outside this process, which may take any time. */
        public void rest() {
            resting = true;
        }

        @Override
        public void close() {
            watches.remove(this);
        }

        @Override
        public String toString() {
            return what + (kernel == null ? "" : ", kernel " + kernel + ",") + " on thread " + thread.getName();
        }
    }
}
