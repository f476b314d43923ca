package io.text2video.standalone.cli;

import io.text2video.standalone.fleet.StartListener;
import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * The stages of something that somebody waits for, on stderr. On a terminal each has a bar with the time it has taken and, where
 * its end is known, the time left; elsewhere it is told when it is over, and from time to time if it takes long. Thread-safe.
 */
final class StageDisplay implements StartListener, AutoCloseable {
    private static final long UNKNOWN = -1;

    /** Between two lines of one stage in a log. */
    private static final long NANOS_BETWEEN_LINES = 30_000_000_000L;

    private final boolean terminal;
    private final PrintStream err;

    private String stage;

    /** Read by the bar's own thread. */
    private volatile String waiting = "";

    private long began;
    private long told;

    /** Null without a terminal, and between stages. */
    private ProgressBar bar;

    StageDisplay() {
        this(Boolean.getBoolean("text2video.terminal"), System.err);
    }

    StageDisplay(boolean terminal, PrintStream err) {
        this.terminal = terminal;
        this.err = err;
    }

    @Override
    public void stage(String name) {
        show(name, 0, UNKNOWN, "");
    }

    /**
     * So far has a stage come.
     *
     * @param name a stage; another one than before ends that
     * @param unit what is counted
     */
    synchronized void show(String name, long done, long all, String unit) {
        if (!name.equals(stage)) {
            finish();
            begin(name, all, unit);
        }
        if (all == UNKNOWN) {
            return;
        }
        if (bar != null) {
            bar.maxHint(all).stepTo(done);
        } else if (System.nanoTime() - told >= NANOS_BETWEEN_LINES) {
            told = System.nanoTime();
            line("%s, %d of %d%s".formatted(name, done, all, unit));
        }
    }

    /**
     * A stage whose end nobody knows has come to that.
     *
     * @param state shown beside the time; without a terminal, a line whenever it changes; empty for nothing
     */
    synchronized void waiting(String name, String state) {
        stage(name);
        if (!state.equals(waiting) && !state.isEmpty() && !terminal) {
            line(name + ", " + state);
        }
        waiting = state;
    }

    private void begin(String name, long all, String unit) {
        stage = name;
        waiting = "";
        began = System.nanoTime();
        told = began;
        if (terminal) {
            var builder = new ProgressBarBuilder()
                    .setTaskName("%-7s".formatted(name))
                    .setInitialMax(all)
                    .setUnit(unit, 1)
                    .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                    .setUpdateIntervalMillis(100)
                    .setConsumer(new ConsoleProgressBarConsumer(err));
            if (all == UNKNOWN) {
                long start = began;
                builder.setRenderer((state, width) ->
                        state.getTaskName() + " " + secondsSince(start) + (waiting.isEmpty() ? "" : ", " + waiting));
            }
            bar = builder.build();
        }
    }

    private static String secondsSince(long start) {
        return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - start) / 1e9);
    }

    /** The last stage came to its end. */
    synchronized void finish() {
        if (bar != null) {
            bar.stepTo(Math.max(bar.getCurrent(), bar.getMax()));
        } else if (stage != null) {
            line(stage + " " + secondsSince(began));
        }
        close();
    }

    @Override
    public synchronized void warning(String text) {
        closeBar();
        ProgressDisplay.warn(text);
    }

    @Override
    public void interrupted() {
        interrupted("interrupted before the fleet had started");
    }

    /** The process ends before it is done: this is the last that is told. */
    synchronized void interrupted(String reason) {
        close();
        line(reason);
    }

    /** Takes what it shows back to nothing, as when the stage failed. */
    @Override
    public synchronized void close() {
        closeBar();
        stage = null;
    }

    private void closeBar() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    private void line(String text) {
        err.println("text2video: " + text);
    }
}
