package io.text2video.standalone.cli;

import io.text2video.worker.pipeline.FrameSink;
import java.text.DecimalFormat;
import java.util.concurrent.atomic.AtomicInteger;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress for people, on stderr: a bar where that is a terminal, else a line now and then. For one thread. */
final class ProgressDisplay implements AutoCloseable {
    private static final boolean TERMINAL = Boolean.getBoolean("text2video.terminal");

    /** Between two lines of a log. */
    private static final long NANOS_BETWEEN_LINES = 30_000_000_000L;

    private final String task;

    /** Null without a terminal. */
    private final ProgressBar bar;

    private long told = System.nanoTime();

    ProgressDisplay(String task) {
        this(task, new ProgressBarBuilder().setUnit(" steps", 1));
    }

    private ProgressDisplay(String task, ProgressBarBuilder builder) {
        this.task = task;
        bar = TERMINAL
                ? builder.setTaskName(task)
                        .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                        .setUpdateIntervalMillis(100)
                        .setConsumer(new ConsoleProgressBarConsumer(System.err))
                        .build()
                : null;
    }

    /** Counts bytes; says how fast they come and how long the rest takes. */
    static ProgressDisplay ofBytes(String task) {
        return new ProgressDisplay(
                task, new ProgressBarBuilder().setUnit(" MB", 1_000_000).showSpeed(new DecimalFormat("0.0")));
    }

    /** A line of its own. */
    static void note(String text) {
        if (TERMINAL) {
            System.err.println("text2video: " + text);
        }
    }

    /** A line that shows where no terminal does too: in the log of whatever started this. */
    static void warn(String text) {
        System.err.println("text2video: warning: " + text);
    }

    void show(long done, long all, String state) {
        if (bar != null) {
            bar.maxHint(all).stepTo(done).setExtraMessage(" " + state);
        } else {
            line("%d of %d %s".formatted(done, all, state).strip());
        }
    }

    /** A sink that shows how far decoding is, beside what the bar has counted. */
    FrameSink decoding(int all, FrameSink sink) {
        var decoded = new AtomicInteger();
        return chunk -> {
            sink.accept(chunk);
            String state = "decoding, %d of %d frames".formatted(decoded.addAndGet(chunk.count()), all);
            if (bar != null) {
                bar.setExtraMessage(" " + state);
            } else {
                line(state);
            }
        };
    }

    private void line(String state) {
        if (System.nanoTime() - told >= NANOS_BETWEEN_LINES) {
            told = System.nanoTime();
            System.err.println("text2video: " + task + " " + state);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
