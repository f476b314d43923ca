package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Durations.ONE_MINUTE;

import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.model.ModelCard;
import io.text2video.common.model.ModelCost;
import io.text2video.common.model.VideoParameters;
import io.text2video.worker.shelf.FleetModels;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is reckoned before a job, on a model whose steps are said to take a second. Its limit is a minute. */
class JobEstimatesTest extends JobRunnerFixture {
    private static final ModelCost A_SECOND_A_STEP = new ModelCost(32, 1, 0, 1, 0, 0, 0);

    @Test
    void shouldFailAJobThatWouldTakeTooLongBeforeAnythingIsComputed() throws Exception {
        pipeline.cost = Optional.of(A_SECOND_A_STEP);

        Outcome outcome = runner.run(TestDelivery.of(request(null, steps(61))));

        assertThat(outcome).isEqualTo(Outcome.FAILED);
        JobSnapshot failed = states().get(states().size() - 1);
        assertThat(failed.error().code()).isEqualTo(ErrorCode.JOB_TOO_LARGE);
        assertThat(failed.error().param()).isEqualTo("num_inference_steps");
        assertThat(failed.error().message()).contains("61 s", "60 s", "num_inference_steps 60");
        assertThat(pipeline.generated).isEmpty();
    }

    @Test
    void shouldTakeItOnceAJobHasShownThatItIsFaster() throws Exception {
        pipeline.cost = Optional.of(A_SECOND_A_STEP);
        assertThat(runner.run(TestDelivery.of(anotherRequest()))).isEqualTo(Outcome.COMPLETED);

        assertThat(runner.run(TestDelivery.of(request(null, steps(61))))).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldSayWhatAJobIsReckonedToTakeAndLearnFromWhatItTook() throws Exception {
        pipeline.cost = Optional.of(A_SECOND_A_STEP);

        assertThat(runner.run(TestDelivery.of(request(null, steps(8))))).isEqualTo(Outcome.COMPLETED);

        assertThat(states())
                .extracting(JobSnapshot::status)
                .containsExactly(JobStatus.IN_PROGRESS, JobStatus.COMPLETED);
        assertThat(states()).extracting(JobSnapshot::estimatedSeconds).containsExactly(8.0, 8.0);
        // The pipeline says 1 ms of text, 2 of denoising, 3 of decoding
        assertThat(meters.get("text2video.worker.estimate.ratio").summary().max())
                .isEqualTo(8 / 0.006);
        Awaitility.await().atMost(ONE_MINUTE).untilAsserted(() -> {
            ModelCard card = new FleetModels(fleet.kafka()).read().get("blob");
            assertThat(card.cost().stepSeconds()).isCloseTo(learned(1, 0.002 / 8), within(1e-9));
        });
    }

    @Test
    void shouldReckonAJobByTheOneBeforeThatIsDrawnAndNotYetStored() throws Exception {
        pipeline.cost = Optional.of(A_SECOND_A_STEP);
        var first = (JobStage.Prepared) runner.prepare(TestDelivery.of(anotherRequest()));
        JobStage drawn = runner.draw(first, () -> {});

        assertThat(runner.run(TestDelivery.of(request(null, steps(8))))).isEqualTo(Outcome.COMPLETED);

        double step = learned(1, 0.002 / 4);
        assertThat(states())
                .extracting(JobSnapshot::estimatedSeconds)
                .isNotEmpty()
                .allSatisfy(seconds -> assertThat(seconds).isCloseTo(8 * step, within(0.001)));
        runner.finish((JobStage.Drawn) drawn);
    }

    @Test
    void shouldNotLearnFromAJobWhoseStepsWereReused() throws Exception {
        pipeline.cost = Optional.of(A_SECOND_A_STEP);
        pipeline.reusedSteps = 3;

        assertThat(runner.run(TestDelivery.of(request(null, steps(8))))).isEqualTo(Outcome.COMPLETED);

        assertThat(meters.get("text2video.worker.estimate.ratio").summary().count())
                .isZero();
    }

    @Test
    void shouldRunAJobWhoseTimeNobodyKnows() throws Exception {
        assertThat(runner.run(TestDelivery.of(request(null, steps(1000))))).isEqualTo(Outcome.COMPLETED);

        assertThat(states()).extracting(JobSnapshot::estimatedSeconds).containsOnlyNulls();
    }

    /** A moving geometric mean. */
    private static double learned(double before, double measured) {
        return before * Math.pow(measured / before, 0.3);
    }

    private static VideoParameters steps(int steps) {
        return new VideoParameters(null, steps, null, null, null, null, null, null, null, null, null, null, null);
    }
}
