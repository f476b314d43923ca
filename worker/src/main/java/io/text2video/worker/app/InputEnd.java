package io.text2video.worker.app;

import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Ends this process when its standard input ends: who started it has closed it, or is gone, whichever way. */
final class InputEnd {
    private static final Logger LOG = Logger.getLogger(InputEnd.class);

    private InputEnd() {}

    /** @param limit how long the end may take */
    static void watch(Duration limit) {
        var thread = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // What it says does not matter.
                        }
                    } catch (IOException e) {
                        LOG.debug("standard input broke", e);
                    }
                    LOG.info("worker stops, its standard input ended");
                    Quarkus.asyncExit();
                    try {
                        Thread.sleep(limit.toMillis());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    // The broker may have gone with whoever started this.
                    Runtime.getRuntime().halt(1);
                },
                "input-end");
        thread.setDaemon(true);
        thread.start();
    }
}
