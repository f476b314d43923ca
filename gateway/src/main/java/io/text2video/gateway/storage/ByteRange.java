package io.text2video.gateway.storage;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some of a file's bytes.
 *
 * @param first offset of the first byte
 * @param last offset of the last byte, inclusive
 */
public record ByteRange(long first, long last) {
    /** Eighteen digits fit a long. */
    private static final Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** What a {@code Range} header asks of a file. */
    public sealed interface Asked {
        /** The whole file: no header, or one to be ignored, as is one of several ranges (RFC 9110, 14.2). */
        record Whole() implements Asked {}

        record Part(ByteRange range) implements Asked {}

        /** Bytes that the file does not have. */
        record Unsatisfiable() implements Asked {}
    }

    public static ByteRange whole(long size) {
        return new ByteRange(0, size - 1);
    }

    /**
     * Reads a {@code Range} header.
     *
     * @param header or null
     * @param size of the file
     */
    public static Asked asked(String header, long size) {
        Matcher matcher = SINGLE.matcher(header == null ? "" : header.strip());
        if (!matcher.matches()) {
            return new Asked.Whole();
        }
        Optional<Long> first = number(matcher.group(1));
        Optional<Long> last = number(matcher.group(2));
        if (first.isEmpty()) {
            return last.<Asked>map(count -> suffix(count, size)).orElseGet(Asked.Whole::new);
        }
        if (last.isPresent() && last.get() < first.get()) {
            return new Asked.Whole();
        }
        return part(first.get(), Math.min(last.orElse(Long.MAX_VALUE), size - 1), size);
    }

    public long length() {
        return last - first + 1;
    }

    /** For {@code Content-Range}: {@code bytes 0-499/1234}. */
    public String contentRange(long size) {
        return "bytes %d-%d/%d".formatted(first, last, size);
    }

    private static Asked suffix(long count, long size) {
        return count == 0 ? new Asked.Unsatisfiable() : part(Math.max(0, size - count), size - 1, size);
    }

    private static Asked part(long first, long last, long size) {
        return first < size ? new Asked.Part(new ByteRange(first, last)) : new Asked.Unsatisfiable();
    }

    private static Optional<Long> number(String digits) {
        return digits.isEmpty() ? Optional.empty() : Optional.of(Long.valueOf(digits));
    }
}
