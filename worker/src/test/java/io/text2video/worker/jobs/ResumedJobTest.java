package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MINUTE;

import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobStatus;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.worker.kernels.DeviceFailedException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Jobs that lose their worker, and another one that goes on. Each has a pipeline of its own, of the tiny model. */
class ResumedJobTest extends TwoPipelinesFixture {
    private static final int STEPS = 50;

    @Test
    void shouldGoOnWhereAWorkerStoppedAndComeToTheSameFrames() throws Exception {
        // Given a worker that is told to stop after step 37 of 50
        first.atStep = step -> {
            if (step == 37) {
                stop.send();
            }
        };
        TestDelivery stopped = delivery();
        assertThat(runner(first, stop).run(stopped)).isEqualTo(Outcome.RELEASED);
        assertThat(stopped.end).isEqualTo("released");
        assertThat(checkpoints()).singleElement().asString().endsWith("-00037.safetensors");

        // When another one takes the job
        Outcome outcome = runner(second, new StopSignal()).run(delivery());

        // Then it takes the steps that are left, and nothing but the end and the video stays
        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        assertThat(second.steps.get(0)).isEqualTo(37);
        assertThat(second.steps).hasSize(1 + STEPS - 37);
        assertSameFrames();
        assertThat(meters.counter("text2video.worker.resumed.steps").count()).isEqualTo(37);
        assertNothingLeft();
        assertThat(states()).last().satisfies(job -> assertThat(job.status()).isEqualTo(JobStatus.COMPLETED));
    }

    @Test
    void shouldRepeatAtMostFiveStepsOfAWorkerThatWasKilled() throws Exception {
        // Given one that lost its last states with its life
        first.atStep = step -> {
            if (step == 37) {
                await().atMost(ONE_MINUTE).until(() -> isKept(step));
                throw new AbandonedException("killed");
            }
        };
        assertThat(runner(first, stop).run(delivery())).isEqualTo(Outcome.RELEASED);

        // When
        Outcome outcome = runner(second, new StopSignal()).run(delivery());

        // Then
        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        assertThat(second.steps.get(0)).isEqualTo(35);
        assertThat(37 - second.steps.get(0)).isLessThanOrEqualTo(CHECKPOINT_STEPS);
        assertSameFrames();
    }

    @Test
    void shouldOnlyDecodeAgainWhatAWorkerLostAsItDecoded() throws Exception {
        // Given
        first.amidFrames = () -> {
            throw new AbandonedException("killed");
        };
        assertThat(runner(first, stop).run(delivery())).isEqualTo(Outcome.RELEASED);

        // When
        Outcome outcome = runner(second, new StopSignal()).run(delivery());

        // Then
        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        assertOnlyDecoded();
    }

    @Test
    void shouldOnlyDecodeAgainWhatAWorkerDidNotUpload() throws Exception {
        // Given a worker that has drawn all frames, and is never heard of again
        JobRunner killed = runner(first, stop);
        JobStage drawn = killed.draw((JobStage.Prepared) killed.prepare(delivery()), () -> {});
        assertThat(drawn).isInstanceOf(JobStage.Drawn.class);
        await().atMost(ONE_MINUTE)
                .untilAsserted(() ->
                        assertThat(checkpoints()).singleElement().asString().endsWith("-00050.safetensors"));

        // When
        Outcome outcome = runner(second, new StopSignal()).run(delivery());

        // Then
        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        assertOnlyDecoded();
        ((JobStage.Drawn) drawn).encoder().close();
    }

    @Test
    void shouldBeginAnewAndReplaceAStateThatIsDamaged() throws Exception {
        // Given
        first.atStep = step -> {
            if (step == 10) {
                stop.send();
            }
        };
        runner(first, stop).run(delivery());
        String key = checkpoints().get(0);
        byte[] damaged = fleet.store.read(key).orElseThrow();
        damaged[damaged.length / 2] ^= 1;
        fleet.store.put(key, damaged, "application/octet-stream");

        // When
        Outcome outcome = runner(second, new StopSignal()).run(delivery());

        // Then
        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        assertThat(second.steps).hasSize(STEPS).startsWith(1);
        assertSameFrames();
        assertNothingLeft();
    }

    @Test
    void shouldNotChargeAttemptsThatMadeProgress() throws Exception {
        // Given more workers than a job may end, each of which died when it had kept another state
        for (int step = 7; step <= 37; step += 10) {
            dieAt(step);
            assertThat(runner(first, stop).run(delivery())).isEqualTo(Outcome.RELEASED);
        }
        assertThat(fleet.folders.look(id).interrupted()).isEqualTo(4);
        assertThat(fleet.folders.look(id).charged(1)).isZero();

        // When another one takes the job
        Outcome outcome = runner(second, new StopSignal()).run(delivery());

        // Then
        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        assertThat(second.steps.get(0)).isEqualTo(35);
        assertSameFrames();
        assertNothingLeft();
    }

    @Test
    void shouldGiveUpAJobThatEndsItsWorkersAtTheSameStep() throws Exception {
        // Given one whose first attempt went further than none, and no other further than that
        dieAt(7);
        for (int attempt = 1; attempt <= 4; attempt++) {
            assertThat(runner(first, stop).run(delivery())).isEqualTo(Outcome.RELEASED);
        }
        assertThat(fleet.folders.look(id).charged(1)).isEqualTo(3);

        // When its record comes again
        Outcome outcome = runner(second, new StopSignal()).run(delivery());

        // Then
        assertThat(outcome).isEqualTo(Outcome.FAILED);
        assertThat(states()).last().satisfies(job -> {
            assertThat(job.error().code()).isEqualTo(ErrorCode.ATTEMPTS_EXHAUSTED);
            assertThat(job.error().message()).contains("given up after 4 attempts", "3 of which made no progress");
        });
    }

    /** A worker whose device fails is as good as killed: its attempt does not end in good order. */
    private void dieAt(int lastStep) {
        first.atStep = step -> {
            if (step == lastStep) {
                await().atMost(ONE_MINUTE).until(() -> isKept(lastStep));
                throw new DeviceFailedException("died", null);
            }
        };
    }

    private void assertOnlyDecoded() throws IOException {
        assertThat(second.steps).as("those that were told of").containsExactly(STEPS);
        assertThat(second.generation.denoising()).isEqualTo(Duration.ZERO);
        assertThat(second.generation.textEncoding()).isEqualTo(Duration.ZERO);
        assertSameFrames();
        assertNothingLeft();
    }

    private void assertSameFrames() {
        assertThat(second.frames).isEqualTo(first.drawnAtOnce(second.parameters));
    }

    /** What comes late removes itself. */
    private void assertNothingLeft() {
        await().atMost(ONE_MINUTE).untilAsserted(() -> assertThat(fleet.store.list(ObjectKeys.folder(id)))
                .hasSize(3)
                .allMatch(key -> key.endsWith(".mp4") || key.endsWith(".png") || key.endsWith("result.json")));
    }

    private TestDelivery delivery() {
        var parameters =
                new VideoParameters(null, STEPS, null, null, null, null, null, null, null, null, null, null, null);
        return TestDelivery.of(request(null, parameters));
    }
}
