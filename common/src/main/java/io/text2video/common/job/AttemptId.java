package io.text2video.common.job;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which try at a job: the fencing token. No two tries at a job have the same, and a later one is greater.
 *
 * @param generation how often the job's request was published, from 1
 * @param attempt which try at that publication, from 1; 0 before the first
 */
public record AttemptId(int generation, int attempt) implements Comparable<AttemptId> {
    private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,8})-(\\d{1,9})");
    private static final Comparator<AttemptId> ORDER =
            Comparator.comparingInt(AttemptId::generation).thenComparingInt(AttemptId::attempt);

    public AttemptId {
        if (generation < 1 || attempt < 0) {
            throw new IllegalArgumentException("no attempt is numbered %d-%d".formatted(generation, attempt));
        }
    }

    /** Reads what {@link #toString} writes; nothing where the text is something else. */
    public static Optional<AttemptId> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new AttemptId(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    /** The next try at the same publication. */
    public AttemptId next() {
        return new AttemptId(generation, attempt + 1);
    }

    @Override
    public int compareTo(AttemptId other) {
        return ORDER.compare(this, other);
    }

    /** {@code GENERATION-ATTEMPT}, as in object keys. */
    @Override
    public String toString() {
        return generation + "-" + attempt;
    }
}
