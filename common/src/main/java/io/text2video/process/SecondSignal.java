package io.text2video.process;

import java.util.List;
import org.jboss.logging.Logger;
import sun.misc.Signal;

/** Whoever asks a process twice to end does not want to wait for its good order. */
public final class SecondSignal {
    private static final Logger LOG = Logger.getLogger(SecondSignal.class);
    private static final int BY_SIGNAL = 128;

    private SecondSignal() {}

    /** To be called when the shutdown begins: from now on SIGINT and SIGTERM end the process at once, with 130 or 143. */
    public static void endsAtOnce() {
        for (String name : List.of("INT", "TERM")) {
            try {
                Signal.handle(new Signal(name), signal -> Runtime.getRuntime().halt(BY_SIGNAL + signal.getNumber()));
            } catch (IllegalArgumentException e) {
                // Java was told to leave signals alone (-Xrs).
                LOG.debugf("a second signal is not obeyed signal=%s cause=%s", name, e.getMessage());
            }
        }
    }
}
