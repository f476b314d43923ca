package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MINUTE;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.worker.kernels.DeviceFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that are interrupted while a kernel of the tiny model is about to run, and the worker's next one. */
class InterruptedJobTest extends TwoPipelinesFixture {
    private static final int STEPS = 18;

    /** Within text encoding, within a step, within decoding. */
    @ParameterizedTest
    @ValueSource(strings = {"t5_feed_forward", "joint_attention", "spatial_norm_conv"})
    void shouldEndACancelledJobWithinAStageAndDrawTheNext(String kernel) throws Exception {
        // Given a job that is cancelled when that kernel is about to run for the third time
        JobRunner runner = runner(first, stop);
        first.atKernel = next -> {
            if (next.equals(kernel)
                    && first.kernels.stream().filter(kernel::equals).count() == 2) {
                cancelled.add(id);
            }
        };
        TestDelivery delivery = delivery(request(null, parameters()));

        // When
        Outcome outcome = runner.run(delivery);

        // Then it does not, nor does any after it
        assertThat(outcome).isEqualTo(Outcome.CANCELLED);
        assertThat(delivery.end).isEqualTo("accepted");
        assertThat(first.kernels).filteredOn(kernel::equals).hasSize(2);
        assertThat(first.kernels.subList(first.kernels.lastIndexOf(kernel), first.kernels.size()))
                .hasSizeLessThan(10);
        assertThat(states()).last().extracting(JobSnapshot::status).isEqualTo(JobStatus.CANCELLED);
        assertThat(fleet.folders.look(id).keys()).containsExactly(ObjectKeys.result(id));

        // And the next one is drawn
        first.atKernel = next -> {};
        TestDelivery next = delivery(
                new VideoRequest(VideoRequest.VERSION, JobId.next(), null, "a ball", parameters(), null, null, null));
        assertThat(runner.run(next)).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldGiveAJobBackWithinAStepAndLoseNoWholeStep() throws Exception {
        // Given a worker that is told to stop in the middle of step 8
        first.atKernel = next -> {
            if (first.steps.size() == 7 && next.equals("feed_forward")) {
                stop.send();
            }
        };
        TestDelivery stopped = delivery(request(null, parameters()));
        assertThat(runner(first, stop).run(stopped)).isEqualTo(Outcome.RELEASED);
        assertThat(stopped.end).isEqualTo("released");
        assertThat(first.steps).hasSize(7);
        assertThat(fleet.folders.look(id).interrupted()).isZero();

        // When another one takes the job
        Outcome outcome = runner(second, new StopSignal()).run(delivery(request(null, parameters())));

        // Then it goes on after step 7, to the same frames
        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        assertThat(second.steps.get(0)).isEqualTo(7);
        assertThat(second.frames).isEqualTo(first.drawnAtOnce(second.parameters));
    }

    @Test
    void shouldEndWithinAStepWhereAnotherAttemptIsUnderWay() throws Exception {
        // Given a worker that loses its lock in the middle of a step, and another one that has the job by then
        TestDelivery delivery = delivery(request(null, parameters()));
        first.atKernel = next -> {
            if (first.steps.size() == 2 && !delivery.lost) {
                claim(new AttemptId(1, 2), "w2");
                delivery.lost = true;
            }
        };

        // When
        Outcome outcome = runner(first, stop).run(delivery);

        // Then
        assertThat(outcome).isEqualTo(Outcome.LOST);
        assertThat(first.steps).hasSize(2);
    }

    @Test
    void shouldDrawOnWhereOnlyTheBrokerIsAway() throws Exception {
        TestDelivery delivery = delivery(request(null, parameters()));
        first.atKernel = next -> delivery.lost = first.steps.size() == 2;

        assertThat(runner(first, stop).run(delivery)).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldDecodeToTheEndWhenToldToStop() throws Exception {
        // Given a worker that is told to stop while it decodes, and has the time for it
        first.atKernel = next -> {
            if (next.equals("spatial_norm_conv")) {
                stop.send();
            }
        };
        JobRunner runner = runner(first, stop);
        JobStage.Prepared prepared = (JobStage.Prepared) runner.prepare(delivery(request(null, parameters())));

        // When
        JobStage drawn = runner.draw(prepared, () -> {});

        // Then
        assertThat(drawn).isInstanceOf(JobStage.Drawn.class);
        ((JobStage.Drawn) drawn).encoder().close();
    }

    /** A hundred attempts of which each keeps one more state before it hangs would hold a queue for a day. */
    @Test
    void shouldGiveUpAJobThatHangsThoughItMakesProgress() throws Exception {
        // Given three workers that hang, each when another state is kept
        for (int worker = 0; worker < 3; worker++) {
            int hangs = 6 + 5 * worker;
            int hung = worker;
            JobRunner runner = runner(first, stop);
            first.atStep = done -> {
                if (done == hangs) {
                    // That it is kept is noted a moment later.
                    await().atMost(ONE_MINUTE)
                            .until(() -> isKept(hangs) && fleet.folders.look(id).charged(1) == hung);
                    runner.hung(Thread.currentThread());
                    throw new DeviceFailedException("ended by the watchdog", null);
                }
            };
            assertThat(runner.run(delivery(request(null, parameters())))).isEqualTo(Outcome.RELEASED);
        }
        assertThat(fleet.folders.look(id).charged(1)).isEqualTo(3);

        // When its record comes again
        Outcome outcome = runner(second, new StopSignal()).run(delivery(request(null, parameters())));

        // Then it ends, and nothing is drawn
        assertThat(outcome).isEqualTo(Outcome.FAILED);
        assertThat(meters.counter("text2video.worker.dead.letters", "reason", "given_up")
                        .count())
                .isEqualTo(1);
        assertThat(second.kernels).isEmpty();
        assertThat(states()).last().satisfies(job -> {
            assertThat(job.error().code()).isEqualTo(ErrorCode.ATTEMPTS_EXHAUSTED);
            assertThat(job.error().message()).contains("given up after 3 attempts", "hung");
        });
    }

    @Test
    void shouldNotChargeAnAttemptThatAnotherThreadHangsBeside() throws Exception {
        // Given
        JobRunner runner = runner(first, stop);
        first.atStep = done -> {
            if (done == 6) {
                await().atMost(ONE_MINUTE).until(() -> fleet.folders.look(id).charged(1) == 0);
                runner.hung(new Thread());
                throw new DeviceFailedException("ended by the watchdog", null);
            }
        };

        // When
        assertThat(runner.run(delivery(request(null, parameters())))).isEqualTo(Outcome.RELEASED);

        // Then
        assertThat(fleet.folders.look(id).interrupted()).isEqualTo(1);
        assertThat(fleet.folders.look(id).charged(1)).isZero();
    }

    private static VideoParameters parameters() {
        return new VideoParameters(null, STEPS, null, null, null, null, null, null, null, null, 1L, null, null);
    }

    private static TestDelivery delivery(VideoRequest request) {
        return TestDelivery.of(request);
    }
}
