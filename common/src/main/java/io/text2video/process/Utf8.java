package io.text2video.process;

import java.util.Optional;

/**
 * Arguments, paths and environment variables are UTF-8. Java reads them in the charset of the process's locale, and takes what
 * is not in it for other letters, without a word: in the C locale, that of cron and slim images, every letter beyond ASCII.
 */
public final class Utf8 {
    /** No option sets it: what it says was settled before the first class was loaded. */
    private static final String CHARSET = System.getProperty("sun.jnu.encoding", "");

    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /**
     * Why a program is not to be run with these arguments; nothing when all its letters are what was typed.
     *
     * @param arguments of the program
     */
    public static Optional<String> refusal(String... arguments) {
        return refusalIn(CHARSET, arguments);
    }

    static Optional<String> refusalIn(String charset, String... arguments) {
        if (!charset.equalsIgnoreCase("UTF-8")) {
            return Optional.of(
                    "the locale's charset is %s, in which letters of prompts and paths are lost: set LC_ALL=C.UTF-8"
                            .formatted(charset));
        }
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].indexOf(REPLACEMENT) >= 0) {
                return Optional.of("argument %d is not UTF-8: %s".formatted(i + 1, SingleLine.of(arguments[i])));
            }
        }
        return Optional.empty();
    }
}
