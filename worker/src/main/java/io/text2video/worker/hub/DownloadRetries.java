package io.text2video.worker.hub;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.text2video.worker.hub.HubException.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Repeats what failed for a reason that may pass: no connection, a connection that breaks, 429, 5xx. The wait doubles
 * each time, unless the other side names one.
 */
final class DownloadRetries {
    static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    private static final int MOST = 5;
    private static final int GROWTH = 30;
    private static final double JITTER = 0.2;

    /** Failsafe then takes the policy's. */
    private static final Duration OWN_WAIT = Duration.ofMillis(-1);

    /** A hub that asks for more is not worth a terminal that stands still. */
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(5);

    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    private final RetryPolicy<Object> policy;

    DownloadRetries(Duration firstWait) {
        this.policy = RetryPolicy.builder()
                .handleIf((result, failure) -> mayPass(failure))
                .withMaxRetries(MOST)
                .withBackoff(firstWait, firstWait.multipliedBy(GROWTH))
                .withJitter(JITTER)
                .withDelayFnOn(context -> asked(context.getLastException()), TransientFailure.class)
                .build();
    }

    private static Duration asked(TransientFailure failure) {
        return failure.retryAfter() == null ? OWN_WAIT : failure.retryAfter();
    }

    /**
     * @param what is being done, for the error
     * @throws HubException {@link Reason#UNREACHABLE} when no attempt succeeded, or what the attempt threw
     */
    <T> T call(String what, Attempt<T> attempt) throws IOException, InterruptedException {
        try {
            return Failsafe.with(policy).get(attempt::run);
        } catch (FailsafeException e) {
            throw thrown(what, e.getCause());
        }
    }

    private IOException thrown(String what, Throwable cause) throws InterruptedException {
        if (cause instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        if (cause instanceof HubException || interrupted(cause)) {
            return (IOException) cause;
        }
        return new HubException(
                Reason.UNREACHABLE,
                "%s: %s".formatted(what, Printable.of(cause.getMessage() == null ? cause : cause.getMessage())),
                cause);
    }

    private static boolean mayPass(Throwable failure) {
        if (failure instanceof TransientFailure asked && asked.retryAfter() != null) {
            return asked.retryAfter().compareTo(LONGEST_ASKED) <= 0;
        }
        return failure instanceof IOException && !(failure instanceof HubException) && !interrupted(failure);
    }

    private static boolean interrupted(Throwable failure) {
        return failure instanceof InterruptedIOException && !(failure instanceof SocketTimeoutException);
    }
}
