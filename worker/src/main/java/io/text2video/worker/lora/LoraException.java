package io.text2video.worker.lora;

import java.io.IOException;
import java.util.Collection;

/** A LoRA that cannot be used, with the reason for people: a file that is none, or one for another model. */
public final class LoraException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_MESSAGE = 800;
    private static final int NAMED = 5;

    /**
     * Refuses a LoRA.
     *
     * @param file the file's name, without its folder
     * @param reason what is wrong, with the offending value, and the way out; cut where the file made it long
     */
    LoraException(String file, String reason) {
        super(printable(file + ": " + reason));
    }

    /** Refuses a DoRA: it rescales the layer's own weight, which is never merged with here. */
    static LoraException dora(String file, String sign) {
        return new LoraException(
                file,
                "is a DoRA, as it has %s, and only LoRAs are computed; merge it into a checkpoint, or train it without use_dora"
                        .formatted(sign));
    }

    /** The first few of many names, in order. */
    static String some(Collection<String> names) {
        String first = String.join(", ", names.stream().sorted().limit(NAMED).toList());
        return names.size() > NAMED ? first + ", …" : first;
    }

    /** The reason quotes the file, and a hostile one must not write lines of its own into a log. */
    private static String printable(String text) {
        String cut = text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) + "…" : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
