package io.text2video.worker.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.control.ControlMessage;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.embedded.S3Location;
import io.text2video.worker.kernels.DeviceFailedException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailedJobTest extends JobRunnerFixture {
    @Test
    void shouldFailASizeTheModelCannotDrawAndGoOn() throws Exception {
        var odd = new VideoParameters(null, null, null, null, null, null, 100, null, null, null, null, null, null);

        TestDelivery delivery = TestDelivery.of(request(null, odd));
        Outcome outcome = runner.run(delivery);

        assertFailed(outcome, delivery, ErrorCode.INVALID_PARAMETER, "height");
        assertThat(pipeline.generated).isEmpty();
        assertThat(runner.run(TestDelivery.of(anotherRequest()))).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldFailAVideoThatIsTooLargeForOneJob() throws Exception {
        var large = new VideoParameters(null, null, null, null, null, null, 256, 128, null, null, null, null, null);

        TestDelivery delivery = TestDelivery.of(request(null, large));
        Outcome outcome = runner.run(delivery);

        JobSnapshot failed = assertFailed(outcome, delivery, ErrorCode.JOB_TOO_LARGE, "height");
        assertThat(failed.error().message()).contains("128x256", "16384", "80x176");
        assertThat(pipeline.generated).isEmpty();
    }

    @Test
    void shouldNameTheModelItHasInstead() throws Exception {
        TestDelivery delivery = TestDelivery.of(request("THUDM/CogVideoX-5b", VideoParameters.DEFAULTS));

        Outcome outcome = runner.run(delivery);

        JobSnapshot failed = assertFailed(outcome, delivery, ErrorCode.UNKNOWN_MODEL, "model");
        assertThat(failed.error().message()).contains("THUDM/CogVideoX-5b", "blob");
    }

    @Test
    void shouldOutliveAPipelineThatBreaks() throws Exception {
        JobError error = failedBy(new UnsatisfiedLinkError("no such kernel"), ErrorCode.INTERNAL_ERROR);

        assertThat(error.message()).isEqualTo("UnsatisfiedLinkError: no such kernel");
        assertThat(runner.run(TestDelivery.of(anotherRequest()))).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldOutliveAHeapThatIsTooSmall() throws Exception {
        JobError error = failedBy(new OutOfMemoryError("no memory for the frames"), ErrorCode.OUT_OF_MEMORY);

        assertThat(error.message()).contains("no memory for the frames", "-Xmx");
        assertThat(runner.run(TestDelivery.of(anotherRequest()))).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldGiveBackARecordThatAnErrorMeetsBeforeItsJobBegins() {
        // Given a record that is no request, which meets an error that is nobody's exception
        TestDelivery delivery = new TestDelivery(id.toString(), "garbage");
        delivery.atAccept = () -> {
            throw new OutOfMemoryError("no memory to accept");
        };

        assertThat(runner.run(delivery)).isEqualTo(Outcome.RELEASED);

        assertThat(delivery.end).isEqualTo("released");
    }

    private JobError failedBy(Error failure, ErrorCode code) throws Exception {
        pipeline.atStep = step -> {
            throw failure;
        };
        TestDelivery delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));
        Outcome outcome = runner.run(delivery);
        pipeline.atStep = step -> {};
        return assertFailed(outcome, delivery, code, null).error();
    }

    @Test
    void shouldDeadLetterWhatIsNoRequestAndLeaveItsJobToWhoKnowsAllQueues() throws Exception {
        // Given a record with the id of a job that may wait in another pool's queue
        TestDelivery delivery = new TestDelivery("k", "{\"id\":\"%s\",\"prompt\":\" \"}".formatted(id));

        Outcome outcome = runner.run(delivery);

        assertThat(outcome).isEqualTo(Outcome.DEAD_LETTERED);
        assertThat(meters.counter("text2video.worker.dead.letters", "reason", "malformed")
                        .count())
                .isEqualTo(1);
        assertThat(delivery.end).isEqualTo("accepted");
        assertThat(states()).isEmpty();
        assertThat(fleet.folders.end(id)).isEmpty();
        assertThat(fleet.records(Topic.CONTROL, id)).singleElement().satisfies(record -> {
            ControlMessage message = JsonCodec.read(record.value(), ControlMessage.class);
            assertThat(message.action()).isEqualTo(ControlMessage.Action.REFUSE);
            assertThat(message.error().code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
            assertThat(message.error().param()).isEqualTo("prompt");
        });
    }

    @Test
    void shouldDeadLetterARecordAsLargeAsTheTopicTakes() {
        TestDelivery delivery = new TestDelivery(id.toString(), "x".repeat(1_048_300));

        assertThat(runner.run(delivery)).isEqualTo(Outcome.DEAD_LETTERED);

        assertThat(delivery.end).isEqualTo("accepted");
        assertThat(fleet.records(Topic.DEAD_LETTERS, id)).singleElement().satisfies(record -> assertThat(record.value())
                .hasSize(1_048_300));
    }

    @Test
    void shouldAskNobodyToFailAJobThatWasBegun() throws Exception {
        // Given a job that a worker has claimed
        claim(new AttemptId(1, 1), "w2");

        // When a record with its id is no request
        runner.run(new TestDelivery("k", "{\"id\":\"%s\",\"prompt\":\" \"}".formatted(id)));

        // Then it is a dead letter, and no more
        assertThat(fleet.records(Topic.CONTROL, id)).isEmpty();
    }

    @Test
    void shouldDeadLetterGarbageAsItCame() {
        TestDelivery delivery = new TestDelivery(id.toString(), "garbage");

        runner.run(delivery);

        assertThat(fleet.records(Topic.DEAD_LETTERS, id)).singleElement().satisfies(record -> {
            assertThat(record.value()).isEqualTo("garbage".getBytes(UTF_8));
            assertThat(new String(
                            record.headers().lastHeader("dead-letter-reason").value(), UTF_8))
                    .startsWith("not valid JSON");
        });
    }

    @Test
    void shouldGiveUpAJobThatKilledEveryWorker() throws Exception {
        // Given attempts that were claimed, and of which nothing came
        for (int attempt = 1; attempt <= 3; attempt++) {
            claim(new AttemptId(1, attempt), "w" + attempt);
        }
        TestDelivery delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));

        Outcome outcome = runner.run(delivery);

        assertFailed(outcome, delivery, ErrorCode.ATTEMPTS_EXHAUSTED, null);
        assertThat(fleet.records(Topic.DEAD_LETTERS, id)).hasSize(1);
        assertThat(pipeline.generated).isEmpty();
    }

    @Test
    void shouldHandOnAJobWhoseDeviceFailedAndHoldTheAttemptAgainstIt() throws Exception {
        // Given
        pipeline.atStep = step -> {
            throw new DeviceFailedException("linear: CUDA error: unspecified launch failure", null);
        };
        TestDelivery delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));

        // When
        Outcome outcome = runner.run(delivery);

        // What was sent and forgotten is there once the publisher is closed.
        publisher.close();

        // Then it has not ended, and what it did to this worker is known to the next
        assertThat(outcome).isEqualTo(Outcome.RELEASED);
        assertThat(delivery.end).isEqualTo("released");
        assertThat(states()).last().satisfies(job -> assertThat(job.status()).isEqualTo(JobStatus.IN_PROGRESS));
        assertThat(fleet.folders.look(id).charged(1)).isEqualTo(1);
    }

    @Test
    void shouldGiveTheJobBackWhenTheStoreStaysAway() throws Exception {
        try (var nowhere = new ObjectStore(new S3Location("http://127.0.0.1:1", "key", "secret-key"))) {
            TestDelivery delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));

            Outcome outcome = runner(nowhere, stop).run(delivery);

            assertThat(outcome).isEqualTo(Outcome.RELEASED);
            assertThat(delivery.end).isEqualTo("released");
        }
    }

    private JobSnapshot assertFailed(Outcome outcome, TestDelivery delivery, ErrorCode code, String param)
            throws Exception {
        assertThat(outcome).isEqualTo(Outcome.FAILED);
        assertThat(delivery.end).isEqualTo("accepted");
        List<JobSnapshot> states = states();
        JobSnapshot failed = states.get(states.size() - 1);
        assertThat(failed.status()).isEqualTo(JobStatus.FAILED);
        assertThat(failed.error().code()).isEqualTo(code);
        assertThat(failed.error().param()).isEqualTo(param);
        assertThat(meters.get("text2video.worker.failures")
                        .tag("code", code.wireName())
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(fleet.messages(Topic.EVENTS, id, VideoEvent.class)).last().isEqualTo(VideoEvent.of(failed));
        assertThat(fleet.messages(Topic.WEBHOOKS, id, WebhookDelivery.class))
                .containsExactly(WebhookDelivery.first(failed));
        return failed;
    }
}
