package io.text2video.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * A thread that does the same again and again until it is closed, and what it owns: the base of every one of the fleet, as
 * Kafka's {@code ShutdownableThread} is of the broker's. What it owns is closed by the thread itself, after its last round, so
 * never while it is in use. One that breaks says so in the log, and {@link #isAlive} says so to the health checks.
 *
 * <pre>
 *   start ──► doWork, doWork, ... ──► cleanUp ──► ended
 *                     close, or a failure that it does not survive
 * </pre>
 */
public abstract class ServiceThread implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ServiceThread.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(30);

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private boolean started;
    private boolean ending;
    private volatile boolean ended;

    /** @param name of the thread, and of its health check */
    protected ServiceThread(String name) {
        thread = new Thread(this::run, name);
    }

    /** One round. It returns soon once {@link #wakeup} was called; whatever it throws then counts for nothing. */
    protected abstract void doWork() throws Exception;

    /** Has {@link #doWork} return soon. On the thread that closes. Interrupts, unless it is overridden: a consumer has its own. */
    protected void wakeup() {
        thread.interrupt();
    }

    /** Whether it goes on, after a moment, when a round has failed so. If not it ends, and should be noticed. */
    protected boolean survives(Throwable failure) {
        return false;
    }

    /** Closes what it owns: on its own thread, once, when no round is to come. */
    protected void cleanUp() {}

    /** Begins. Once at most. */
    public final synchronized void start() {
        if (closing.getCount() > 0) {
            started = true;
            thread.start();
        }
    }

    public final String name() {
        return thread.getName();
    }

    /** False once it has ended, in whichever way; one that was never started has not. */
    public final boolean isAlive() {
        return !ended;
    }

    /** Ends it, and waits for its end. Harmless when repeated. */
    @Override
    public final void close() {
        closing.countDown();
        boolean running;
        synchronized (this) {
            running = started;
            if (running && !ending) {
                wakeup();
            }
        }
        if (running) {
            join();
        } else if (!ended) {
            end();
        }
    }

    /** Whether no more rounds are to be. */
    protected final boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Waits that long between rounds, or until it is closed. */
    protected final void pause(Duration time) throws InterruptedException {
        closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void run() {
        try {
            while (!isClosing()) {
                round();
            }
        } catch (Throwable failure) {
            if (isClosing()) {
                LOG.debugf("thread closed name=%s by=%s", name(), failure);
            } else {
                LOG.errorf(failure, "thread ended, this process must be restarted name=%s", name());
            }
        } finally {
            end();
        }
    }

    private void round() throws Exception {
        try {
            doWork();
        } catch (Throwable failure) {
            if (isClosing() || !survives(failure)) {
                throw failure;
            }
            LOG.warnf(
                    failure instanceof KafkaException ? null : failure,
                    "thread goes on after a failure name=%s reason=%s",
                    name(),
                    failure);
            pause(PAUSE_AFTER_FAILURE);
        }
    }

    private void end() {
        boolean interrupted = stopWakeups();
        try {
            cleanUp();
        } catch (RuntimeException e) {
            LOG.warnf("not closed in good order name=%s reason=%s", name(), e);
        } finally {
            ended = true;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What closes the rest is to do it undisturbed. */
    private synchronized boolean stopWakeups() {
        ending = true;
        return Thread.interrupted();
    }

    private void join() {
        try {
            if (Thread.currentThread() != thread) {
                thread.join(JOIN_TIMEOUT.toMillis());
            }
            if (thread.isAlive()) {
                LOG.warnf("thread left behind, it does not end name=%s", name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
