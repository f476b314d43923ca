package io.text2video.standalone.faults;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Ends every process that is on it when this one ends, in whatever way it does: a shell that waits for its input to end,
 * which the kernel sees to, and then kills them. Ctrl-C does not reach it.
 */
final class Leash implements AutoCloseable {
    private static final String SCRIPT =
            """
            trap '' INT TERM HUP
            held=' '
            while read -r change pid; do
              case $change in
                +) held="$held$pid " ;;
                -) held="${held%%" $pid "*} ${held#*" $pid "}" ;;
              esac
            done
            kill -9 $held 2>/dev/null
            """;

    private final Process shell;
    private final PrintWriter changes;

    Leash() throws IOException {
        shell = new ProcessBuilder("sh", "-c", SCRIPT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        changes = new PrintWriter(shell.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    synchronized void hold(long pid) {
        changes.println("+ " + pid);
    }

    /** The process has ended: its number may be another's soon. */
    synchronized void drop(long pid) {
        changes.println("- " + pid);
    }

    /** Ends what is still on it. */
    @Override
    public void close() throws InterruptedException {
        changes.close();
        shell.waitFor();
    }
}
