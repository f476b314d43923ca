package io.text2video.worker.hub;

/** Texts from outside, fit for one line of a log. */
final class Printable {
    private static final int LONGEST = 300;

    private Printable() {}

    static String of(Object value) {
        String text = String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }
}
