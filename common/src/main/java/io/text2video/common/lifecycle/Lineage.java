package io.text2video.common.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * How a request came to be on its topic, perhaps not for the first time: headers of its record, which are the fleet's own.
 *
 * @param generation how often it was published, from 1
 * @param attempts that were made at earlier publications and are held against the job
 * @param retries how many of the publications followed a failure that may pass
 */
public record Lineage(int generation, int attempts, int retries) {
    /** As any program publishes a request. */
    public static final Lineage FIRST = new Lineage(1, 0, 0);

    /** Another header: a topic that the record was forwarded from; one each time. */
    public static final String FORWARDED_FROM = "forwarded-from";

    private static final String GENERATION = "generation";
    private static final String ATTEMPTS = "attempts";
    private static final String RETRIES = "retries";

    public Lineage {
        if (generation < 1 || attempts < 0 || retries < 0) {
            throw new IllegalArgumentException(
                    "no lineage: generation=%d attempts=%d retries=%d".formatted(generation, attempts, retries));
        }
    }

    /** Of a record. What is missing or no number is as in {@link #FIRST}: it never costs a job. */
    public static Lineage of(Headers headers) {
        return new Lineage(
                Math.max(1, number(headers, GENERATION, 1)), number(headers, ATTEMPTS, 0), number(headers, RETRIES, 0));
    }

    /** Of the next publication. */
    public Lineage next(int moreAttempts, int moreRetries) {
        return new Lineage(generation + 1, attempts + moreAttempts, retries + moreRetries);
    }

    /** Writes it over what was there. */
    public void writeTo(Headers headers) {
        write(headers, GENERATION, generation);
        write(headers, ATTEMPTS, attempts);
        write(headers, RETRIES, retries);
    }

    private static int number(Headers headers, String name, int absent) {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null) {
            return absent;
        }
        String text = new String(header.value(), UTF_8);
        return text.matches("\\d{1,8}") ? Integer.parseInt(text) : absent;
    }

    private static void write(Headers headers, String name, int value) {
        headers.remove(name).add(name, Integer.toString(value).getBytes(UTF_8));
    }
}
