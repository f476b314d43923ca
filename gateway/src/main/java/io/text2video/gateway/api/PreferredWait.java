package io.text2video.gateway.api;

import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a client would rather wait for a job's end than ask again: {@code Prefer: wait=N} (RFC 7240).
 *
 * @param seconds 1 to 60
 */
record PreferredWait(int seconds) {
    static final String HEADER = "Prefer";
    static final String APPLIED = "Preference-Applied";

    /** Of the API's contract. */
    static final String DESCRIPTION =
            "`wait=N`: to be answered when the job has ended or N seconds have passed, 1 to 60";

    static final String SMALL_BODIES = ". Not heeded with a body of more than 64 KiB";
    static final String APPLIED_DESCRIPTION = "`wait=N` where the answer was waited for";

    private static final int MOST = 60;
    private static final Pattern WAIT =
            Pattern.compile("(?:^|,)\\s*wait\\s*=\\s*(\"?)(\\d{1,9})\\1\\s*(?=[,;]|$)", Pattern.CASE_INSENSITIVE);

    /** The first that there is; 60 s where it is more. A preference that makes no sense is none. */
    static Optional<PreferredWait> of(HttpHeaders headers) {
        return Optional.ofNullable(headers.getHeaderString(HEADER)).flatMap(PreferredWait::parse);
    }

    /** @param preferences separated by commas */
    static Optional<PreferredWait> parse(String preferences) {
        Matcher wait = WAIT.matcher(preferences);
        return wait.find()
                ? Optional.of(Integer.valueOf(wait.group(2)))
                        .filter(seconds -> seconds >= 1)
                        .map(seconds -> new PreferredWait(Math.min(seconds, MOST)))
                : Optional.empty();
    }

    Duration time() {
        return Duration.ofSeconds(seconds);
    }

    /** For {@code Preference-Applied}. */
    String applied() {
        return "wait=" + seconds;
    }
}
