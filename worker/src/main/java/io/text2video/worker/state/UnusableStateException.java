package io.text2video.worker.state;

import java.io.IOException;

/** A kept state that a generation cannot go on from: it is damaged, or another generation's. */
public final class UnusableStateException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final int LONGEST_REASON = 400;

    /**
     * @param name of the state
     * @param reason what is wrong; cut where the file made it long
     */
    UnusableStateException(String name, String reason) {
        super("%s %s; the generation goes on from an earlier state, or from its start"
                .formatted(name, printable(reason)));
    }

    /** The reason quotes the file, and a hostile one must not write lines of its own into a log. */
    private static String printable(String reason) {
        String cut = reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "…" : reason;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
