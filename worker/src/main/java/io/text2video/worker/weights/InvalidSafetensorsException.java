package io.text2video.worker.weights;

import java.io.IOException;
import java.nio.file.Path;

/** Weights that are corrupt, hostile or of another format. Thrown before anything of the claimed size is allocated. */
public final class InvalidSafetensorsException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_REASON = 400;

    private final transient Path file;

    /**
     * @param file the file or component directory that is refused
     * @param reason what is wrong and the offending value; cut where the file made it long
     */
    public InvalidSafetensorsException(Path file, String reason) {
        super(file + ": " + printable(reason));
        this.file = file;
    }

    /** The reason quotes the file, and a hostile one must not write lines of its own into a log. */
    private static String printable(String reason) {
        String cut = reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "…" : reason;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    public Path file() {
        return file;
    }
}
