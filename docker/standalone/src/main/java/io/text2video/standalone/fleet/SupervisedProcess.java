package io.text2video.standalone.fleet;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * A process that is started again whenever it ends, at growing intervals when it ends soon; but not before it was known to
 * work, and not after this is closed. Closing it closes its standard input, which is how it is told to end: a terminal's
 * Ctrl-C reaches it by itself, and a second signal would be one too many.
 */
final class SupervisedProcess implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SupervisedProcess.class);
    private static final int BY_SIGNAL = 128;
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final ProcessBuilder builder;
    private final Consumer<String> output;
    private final Duration stopLimit;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread supervisor = new Thread(this::supervise, "worker-supervisor");
    private volatile Process process;
    private volatile boolean established;
    private volatile String failure;
    private volatile String lastError = "it said nothing";

    /**
     * Starts it.
     *
     * @param builder its command; reads its output, which is errors and all
     * @param output given each line that it says
     * @param stopLimit how long it may take to end by itself
     */
    SupervisedProcess(ProcessBuilder builder, Consumer<String> output, Duration stopLimit) throws IOException {
        this.builder = builder.redirectErrorStream(true);
        this.output = output;
        this.stopLimit = stopLimit;
        start();
        supervisor.setDaemon(true);
        supervisor.start();
    }

    /** It works: from now on it is started again when it ends. */
    void established() {
        established = true;
    }

    /** Why it ended before it worked; nothing as long as it has not. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    long pid() {
        return process.pid();
    }

    private synchronized boolean start() throws IOException {
        if (closing.getCount() == 0) {
            return false;
        }
        process = builder.start();
        Process started = process;
        var reading = new Thread(() -> read(started.inputReader(StandardCharsets.UTF_8)), "worker-output");
        reading.setDaemon(true);
        reading.start();
        return true;
    }

    private void read(BufferedReader lines) {
        try (lines) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.contains("ERROR")) {
                    lastError = line;
                }
                output.accept(line);
            }
        } catch (IOException e) {
            LOG.debug("the worker's output ended", e);
        }
    }

    private void supervise() {
        RetryPolicy<Boolean> untilItLasts = RetryPolicy.<Boolean>builder()
                .handleResult(false)
                .handle(UncheckedIOException.class)
                .withBackoff(FIRST_PAUSE, LONGEST_PAUSE)
                .withMaxRetries(-1)
                .build();
        try {
            int code = process.waitFor();
            if (!established) {
                if (code > BY_SIGNAL) {
                    // A terminal's Ctrl-C is for this process too, and then that is what ended them.
                    closing.await(FIRST_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                }
                failure = "exit code %d, %s".formatted(code, lastError);
                return;
            }
            LOG.warnf("worker ended exit=%d", code);
            // Ctrl-C ends it before this process has come to closing it.
            while (!closing.await(FIRST_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                Failsafe.with(untilItLasts).get(this::run);
            }
        } catch (FailsafeException | InterruptedException closed) {
            LOG.debug("the worker is not supervised any more", closed);
        }
    }

    /** @return whether it ran for long, or need not run any more */
    private boolean run() throws InterruptedException {
        long begin = System.nanoTime();
        try {
            if (!start()) {
                return true;
            }
        } catch (IOException e) {
            LOG.errorf("worker does not start cause=%s", e.getMessage());
            throw new UncheckedIOException(e);
        }
        LOG.warnf("worker started again pid=%d", process.pid());
        int code = process.waitFor();
        LOG.warnf("worker ended exit=%d", code);
        return closing.getCount() == 0 || System.nanoTime() - begin > SOON.toNanos();
    }

    /** Ends it at once, in the middle of what it does. */
    synchronized void kill() {
        closing.countDown();
        process.destroyForcibly();
    }

    /** Tells it to end, and does not wait for it. */
    void end() {
        synchronized (this) {
            closing.countDown();
        }
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            LOG.debug("the worker has ended already", gone);
        }
    }

    @Override
    public void close() throws InterruptedException {
        end();
        if (!process.waitFor(stopLimit.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warnf("worker killed, it did not end within %s", stopLimit);
            process.destroyForcibly().waitFor();
        }
        supervisor.interrupt();
    }

    @Override
    public String toString() {
        return "the worker's process";
    }
}
