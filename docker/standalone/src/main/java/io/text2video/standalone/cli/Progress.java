package io.text2video.standalone.cli;

import java.text.DecimalFormat;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress for people: on stderr, and only when that is a terminal. */
final class Progress implements AutoCloseable {
    private static final boolean TERMINAL = Boolean.getBoolean("text2video.terminal");

    private final ProgressBar bar;

    Progress(String task) {
        this(task, new ProgressBarBuilder().setUnit(" steps", 1));
    }

    private Progress(String task, ProgressBarBuilder builder) {
        bar = TERMINAL
                ? builder.setTaskName(task)
                        .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                        .setUpdateIntervalMillis(100)
                        .setConsumer(new ConsoleProgressBarConsumer(System.err))
                        .build()
                : null;
    }

    /** Counts bytes; says how fast they come and how long the rest takes. */
    static Progress ofBytes(String task) {
        return new Progress(
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
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
