package io.text2video.worker.state;

import java.io.IOException;

/** A kept state that a generation cannot go on from: it is damaged, or another generation's. */
public final class UnusableStateException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param name of the state */
    UnusableStateException(String name, String reason) {
        super("%s %s; the generation goes on from an earlier state, or from its start".formatted(name, reason));
    }
}
