package io.text2video.kafka;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/** Waits for answers of the admin client. */
public final class KafkaFutures {
    private static final Duration FOREVER = Duration.ofDays(365);

    private KafkaFutures() {}

    /** As below; the client's own {@code default.api.timeout.ms} bounds the wait. */
    public static <T> T await(KafkaFuture<T> answer) {
        return await(answer, FOREVER);
    }

    /**
     * The answer.
     *
     * @throws KafkaException the failure itself, as the broker or the client has it; {@link TimeoutException} when there is no
     *     answer within {@code timeout}; {@link InterruptException} when the thread is interrupted, which it then still is
     */
    public static <T> T await(KafkaFuture<T> answer, Duration timeout) {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("no answer from the broker within " + timeout, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
