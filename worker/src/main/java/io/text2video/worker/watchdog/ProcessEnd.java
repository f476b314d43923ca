package io.text2video.worker.watchdog;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;

/** Ends this process without asking it: whoever started it starts it again, and its jobs go to other workers. */
public final class ProcessEnd {
    /** The exit code of a process that hung. */
    public static final int HUNG = 70;

    /** The exit code of a process whose device has failed, as a GPU does for all later calls of a process. */
    public static final int DEVICE_FAILED = 71;

    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private ProcessEnd() {}

    /**
     * Prints what every thread does, the virtual machine's too, on stderr, and halts with {@link #HUNG}.
     *
     * @param report tells others, and has some seconds for it
     */
    public static void dumpAndHalt(String reason, Runnable report) {
        // A thread that hangs where the virtual machine cannot stop it keeps a dump from ever being made.
        Thread dump = daemon("thread-dump", () -> System.err.println(reason + ": no progress\n" + threads()));
        Thread reporting = daemon("hang-report", report);
        long end = System.nanoTime() + LAST_WORDS.toNanos();
        try {
            TimeUnit.NANOSECONDS.timedJoin(dump, end - System.nanoTime());
            TimeUnit.NANOSECONDS.timedJoin(reporting, end - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.err.flush();
        Runtime.getRuntime().halt(HUNG);
    }

    /** Halts in any case, should the process not have ended by then. */
    static void haltAfter(Duration limit, int code) {
        daemon("process-end", () -> {
            try {
                Thread.sleep(limit.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(code);
        });
    }

    private static Thread daemon(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static String threads() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "threadPrint",
                            new Object[] {new String[] {"-l"}},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            return "no thread dump: " + e;
        }
    }
}
