package io.text2video.gateway.webhook;

import io.text2video.common.webhook.WebhookDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** When to try again: after each delay in turn, and up to a tenth later, so that a receiver's return is no stampede. */
record RetrySchedule(List<Duration> delays) {
    /** For a day and a little more, as a receiver that broke at night is mended the next day. */
    static final String USUAL = "5s,5m,30m,2h,5h,10h,10h";

    private static final double JITTER = 0.1;
    private static final Duration LONGEST_DELAY = Duration.ofHours(20);

    /** @throws IllegalArgumentException when a delivery would wait longer than a record may */
    RetrySchedule {
        delays = List.copyOf(delays);
        for (Duration delay : delays) {
            if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
                throw new IllegalArgumentException("webhook.retry-delays must be from 0 to %s each, but one is %s"
                        .formatted(LONGEST_DELAY, delay));
            }
        }
    }

    /** The next try of a delivery that has failed now; nothing when there were enough. */
    Optional<WebhookDelivery> next(WebhookDelivery failed, Instant now) {
        if (failed.tries() >= delays.size()) {
            return Optional.empty();
        }
        double factor = 1 + JITTER * ThreadLocalRandom.current().nextDouble();
        long millis = Math.round(delays.get(failed.tries()).toMillis() * factor);
        return Optional.of(failed.again(now.plusMillis(millis)));
    }
}
