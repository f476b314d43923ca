package io.text2video.worker.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.event.EventType;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.lifecycle.JobFolder;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.lifecycle.RetryHeaders;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.topic.Topic;
import io.text2video.worker.kernels.OutOfMemoryException;
import io.text2video.worker.plan.InsufficientMemoryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What follows from a failure is on the broker before its record is accepted. */
class FailurePolicyTest extends JobRunnerFixture {
    private static final Duration DELAY = Duration.ofMinutes(1);

    private TestDelivery delivery;

    @BeforeEach
    void handOut() {
        retries = new Retries(3, DELAY, DELAY, () -> 1);
        runner = runner(fleet.store, stop);
        delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));
    }

    @Test
    void shouldQueueAJobAgainBeforeItsRecordIsAccepted() throws Exception {
        delivery.record().headers().add("traceparent", "00-abc".getBytes(UTF_8));
        Instant before = Instant.now();
        delivery.atAccept = () -> {
            // Then both are there: the request for later, and the state
            ConsumerRecord<String, byte[]> retry = onlyRetry();
            assertThat(retry.value()).isEqualTo(delivery.record().value());
            assertThat(Lineage.of(retry.headers())).isEqualTo(new Lineage(2, 0, 1));
            assertThat(retry.headers().lastHeader("traceparent").value()).isEqualTo("00-abc".getBytes(UTF_8));
            RetryHeaders headers = RetryHeaders.of(retry.headers()).orElseThrow();
            assertThat(headers.topic()).isEqualTo(Topic.REQUESTS.topicName());
            assertThat(headers.sent()).isEqualTo(delivery.recordTime());
            assertThat(headers.reason()).contains("no such kernel");
            assertThat(headers.due())
                    .isBetween(before.plus(DELAY).minusMillis(1), Instant.now().plus(DELAY));
            assertThat(lastState().status()).isEqualTo(JobStatus.QUEUED);
            assertThat(lastState().attemptId()).isEqualTo(new AttemptId(2, 0));
            assertThat(lastState().parameters()).isEqualTo(VideoParameters.DEFAULTS);
        };

        // When a native call breaks
        Outcome outcome = failBy(new UnsatisfiedLinkError("no such kernel"));

        assertThat(outcome).isEqualTo(Outcome.RETRIED);
        assertThat(delivery.end).isEqualTo("accepted");
        JobFolder folder = fleet.folders.look(id);
        assertThat(folder.isEnded()).isFalse();
        assertThat(folder.charged(1)).isZero();
        assertThat(fleet.messages(Topic.EVENTS, id, VideoEvent.class))
                .extracting(VideoEvent::type)
                .doesNotContain(EventType.FAILED);
    }

    @Test
    void shouldPublishThatAJobIsQueuedBeforeItsRequest() throws Exception {
        // Given a request that video.retry does not take
        delivery.record().headers().add("padding", new byte[1_100_000]);

        Outcome outcome = failBy(new UnsatisfiedLinkError("no such kernel"));

        // Then no other worker can have the job, and end it, before it is said to be queued
        assertThat(fleet.records(Topic.RETRY, id)).isEmpty();
        assertThat(lastState().status()).isEqualTo(JobStatus.QUEUED);
        assertThat(lastState().attemptId()).isEqualTo(new AttemptId(2, 0));
        // And the record comes again
        assertThat(outcome).isEqualTo(Outcome.RELEASED);
        assertThat(delivery.end).isEqualTo("released");
    }

    @Test
    void shouldLeaveTheLastWordToAnEndThatCameMeanwhile() throws Exception {
        // Given a worker that was frozen while another one ended its job
        JobSnapshot end = JobSnapshot.queued(request(null, VideoParameters.DEFAULTS), Instant.now())
                .cancelled(Instant.now());
        pipeline.atStep = step -> {
            try {
                fleet.folders.end(end);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            throw new UnsatisfiedLinkError("no such kernel");
        };

        // When its own attempt fails in a way that may pass
        Outcome outcome = runner.run(delivery);

        // Then what a compacted topic keeps is the end, and nobody tries again
        assertThat(outcome).isEqualTo(Outcome.CANCELLED);
        assertThat(lastState()).isEqualTo(end);
        assertThat(fleet.records(Topic.RETRY, id)).isEmpty();
        assertThat(delivery.end).isEqualTo("accepted");
    }

    @Test
    void shouldRetryWhenMemoryWasShort() {
        assertThat(failBy(new OutOfMemoryException("the device is full", null))).isEqualTo(Outcome.RETRIED);
    }

    @Test
    void shouldNotRetryWhatWouldFailAgain() throws Exception {
        assertThat(failBy(new InsufficientMemoryException("the plan needs more")))
                .isEqualTo(Outcome.FAILED);

        assertThat(lastState().error().code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
        assertThat(fleet.records(Topic.RETRY, id)).isEmpty();
    }

    @Test
    void shouldFailAtOnceBeforeTheRecordIsAccepted() {
        delivery.atAccept = () -> {
            assertThat(lastState().error().code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
            assertThat(fleet.records(Topic.WEBHOOKS, id)).hasSize(1);
        };

        assertThat(failBy(new InvalidGenerationException("height", "cannot be drawn")))
                .isEqualTo(Outcome.FAILED);
        assertThat(delivery.end).isEqualTo("accepted");
        assertThat(fleet.records(Topic.RETRY, id)).isEmpty();
    }

    @Test
    void shouldFailAfterTheLastRetry() {
        new Lineage(4, 0, 3).writeTo(delivery.record().headers());

        assertThat(failBy(new UnsatisfiedLinkError("no such kernel"))).isEqualTo(Outcome.FAILED);

        assertThat(lastState().error().code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
        assertThat(lastState().attemptId()).isEqualTo(new AttemptId(4, 1));
        assertThat(fleet.records(Topic.RETRY, id)).isEmpty();
    }

    @Test
    void shouldHoldCrashesAgainstTheJobButNoRetries() {
        // Given an attempt that came to nothing, and one before this publication
        claim(new AttemptId(2, 1), "w0");
        new Lineage(2, 1, 1).writeTo(delivery.record().headers());

        failBy(new UnsatisfiedLinkError("no such kernel"));

        assertThat(Lineage.of(onlyRetry().headers())).isEqualTo(new Lineage(3, 2, 2));
    }

    @Test
    void shouldGiveTheJobBackWhenTheRetryIsNotSafe() {
        pipeline.atStep = step -> {
            publisher.close();
            throw new UnsatisfiedLinkError("no such kernel");
        };

        Outcome outcome = runner.run(delivery);

        assertThat(outcome).isEqualTo(Outcome.RELEASED);
        assertThat(delivery.end).isEqualTo("released");
    }

    @Test
    void shouldDeadLetterWhatEndedWorkerAfterWorkerBeforeItsRecordIsAccepted() {
        for (int attempt = 1; attempt <= 3; attempt++) {
            claim(new AttemptId(1, attempt), "w" + attempt);
        }
        delivery.atAccept = () -> {
            var deadLetter = onlyDeadLetter();
            assertThat(deadLetter.value()).isEqualTo(delivery.record().value());
            assertThat(header(deadLetter, "dead-letter-attempts")).isEqualTo("3");
            assertThat(header(deadLetter, "dead-letter-topic")).isEqualTo("video.requests");
            assertThat(header(deadLetter, "dead-letter-partition")).isEqualTo("0");
            assertThat(header(deadLetter, "dead-letter-offset")).isEqualTo("7");
            assertThat(header(deadLetter, "dead-letter-timestamp"))
                    .isEqualTo(Long.toString(delivery.record().timestamp()));
            assertThat(lastState().error().code()).isEqualTo(ErrorCode.ATTEMPTS_EXHAUSTED);
        };

        assertThat(runner.run(delivery)).isEqualTo(Outcome.FAILED);
        assertThat(delivery.end).isEqualTo("accepted");
    }

    @Test
    void shouldDeadLetterWhatIsNoRequestBeforeItsRecordIsAcceptedAndGoOn() {
        delivery = new TestDelivery(id.toString(), "{\"prompt\":7}");
        delivery.atAccept = () -> {
            assertThat(header(onlyDeadLetter(), "dead-letter-attempts")).isEqualTo("1");
            assertThat(onlyDeadLetter().value()).isEqualTo("{\"prompt\":7}".getBytes(UTF_8));
        };

        assertThat(runner.run(delivery)).isEqualTo(Outcome.DEAD_LETTERED);
        assertThat(delivery.end).isEqualTo("accepted");
        assertThat(runner.run(TestDelivery.of(anotherRequest()))).isEqualTo(Outcome.COMPLETED);
    }

    private Outcome failBy(Throwable failure) {
        pipeline.atStep = step -> JobRunnerFixture.<RuntimeException>sneak(failure);
        return runner.run(delivery);
    }

    private ConsumerRecord<String, byte[]> onlyRetry() {
        return only(Topic.RETRY);
    }

    private ConsumerRecord<String, byte[]> onlyDeadLetter() {
        return only(Topic.DEAD_LETTERS);
    }

    private ConsumerRecord<String, byte[]> only(Topic topic) {
        List<ConsumerRecord<String, byte[]>> records = fleet.records(topic, id);
        assertThat(records).hasSize(1);
        return records.get(0);
    }

    private JobSnapshot lastState() {
        try {
            List<JobSnapshot> states = states();
            return states.get(states.size() - 1);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
