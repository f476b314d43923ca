package io.text2video.standalone.deadletters;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a dead letter lies: {@code PARTITION@OFFSET}. */
public record Coordinate(int partition, long offset) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})@(\\d{1,18})");

    /** Reads what {@link #toString} writes; nothing where the text is something else. */
    public static Optional<Coordinate> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new Coordinate(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return partition + "@" + offset;
    }
}
