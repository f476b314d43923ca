package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.text2video.common.event.EventType;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.topic.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ProgressReportTest extends JobRunnerFixture {
    @Test
    void shouldTellOfTheFirstAndTheLastOfStepsThatTakeNoTime() throws Exception {
        // Given a clock that stands still
        var attempt = firstAttempt();
        var clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        var report = new ProgressReport(inProgress(), attempt, publisher, clock, GRACE);

        // When many steps are done
        for (int step = 1; step <= 50; step++) {
            report.onStep(step, 50);
        }

        // Then two events tell of them
        publisher.close();
        assertThat(fleet.messages(Topic.EVENTS, id, VideoEvent.class))
                .filteredOn(event -> event.type() == EventType.PROGRESS)
                .extracting(VideoEvent::step)
                .containsExactly(1, 50);
    }

    @Test
    void shouldTellOfTheFirstFramesInTimeAndAlwaysOfTheLast() throws Exception {
        // Given a job of nine frames, all of whose steps are done on a clock that stands still
        var parameters = new VideoParameters(null, 4, null, null, null, null, null, null, 9, null, null, null, null);
        var clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        var job = JobSnapshot.queued(request(null, parameters), Instant.now())
                .started(new AttemptId(1, 1), "w1", "blob", parameters, null, null, Instant.now());
        var report = new ProgressReport(job, firstAttempt(), publisher, clock, GRACE);
        report.onStep(4, 4);

        // When they are decoded
        report.onFrames(1);
        report.onFrames(4);
        report.onFrames(4);

        // Then one event tells of them
        publisher.close();
        assertThat(fleet.messages(Topic.EVENTS, id, VideoEvent.class))
                .extracting(VideoEvent::step, VideoEvent::steps, VideoEvent::decodedFrames)
                .containsExactly(tuple(4, 4, null), tuple(4, 4, 9));
    }

    @Test
    void shouldLetFramesBeDecodedForAWhileOnceTheWorkerIsToStop() {
        // Given jobs that are decoded, by workers with time and with none, and one that is not
        var archive = new VideoArchive(fleet.store, new Backoff(Duration.ZERO));
        var attempt = new Attempt(
                request(null, null),
                TestDelivery.of(request(null, null)),
                new AttemptId(1, 1),
                0,
                false,
                archive,
                stop,
                cancelled,
                trace(TestDelivery.of(request(null, null))));
        var patient = new ProgressReport(inProgress(), attempt, publisher, Clock.systemUTC(), Duration.ofHours(1));
        var hurried = new ProgressReport(inProgress(), attempt, publisher, Clock.systemUTC(), Duration.ZERO);
        var denoising = new ProgressReport(inProgress(), attempt, publisher, Clock.systemUTC(), Duration.ofHours(1));
        denoising.onStep(49, 50);
        patient.onStep(50, 50);
        hurried.onStep(50, 50);

        // When
        stop.send();

        // Then
        assertThatCode(() -> patient.check("spatial_norm_conv")).doesNotThrowAnyException();
        assertThatThrownBy(() -> hurried.check("spatial_norm_conv")).isInstanceOf(AbandonedException.class);
        assertThatThrownBy(() -> denoising.check("joint_attention")).isInstanceOf(AbandonedException.class);
    }

    @Test
    void shouldTellOfEachPreviewAndThatItIsThereFromThenOn() throws Exception {
        // Given a clock that stands still
        var clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        var report = new ProgressReport(inProgress(), firstAttempt(), publisher, clock, GRACE);

        // When
        report.onStep(1, 3);
        report.onPreview(1, "/9j/2w==");
        report.onStep(2, 3);
        report.onStep(3, 3);

        // Then
        publisher.close();
        assertThat(fleet.messages(Topic.EVENTS, id, VideoEvent.class))
                .extracting(VideoEvent::step, VideoEvent::previewStep, VideoEvent::preview)
                .containsExactly(tuple(1, null, null), tuple(1, 1, "/9j/2w=="), tuple(3, 1, null));
    }

    @Test
    void shouldTellOfEveryStepThatTakesLong() throws Exception {
        // Given a clock that goes on by a second at each look
        var attempt = firstAttempt();
        var clock = new Clock() {
            private Instant now = Instant.EPOCH;

            @Override
            public Instant instant() {
                now = now.plusSeconds(1);
                return now;
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
        var report = new ProgressReport(inProgress(), attempt, publisher, clock, GRACE);

        // When a few steps are done
        for (int step = 1; step <= 3; step++) {
            report.onStep(step, 3);
        }

        // Then each is told of
        publisher.close();
        assertThat(fleet.messages(Topic.EVENTS, id, VideoEvent.class))
                .extracting(VideoEvent::step)
                .containsExactly(1, 2, 3);
    }
}
