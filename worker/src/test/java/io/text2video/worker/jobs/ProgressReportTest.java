package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.event.EventType;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.topic.Topic;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ProgressReportTest extends JobRunnerFixture {
    @Test
    void shouldTellOfTheFirstAndTheLastOfStepsThatTakeNoTime() throws Exception {
        // Given a clock that stands still
        var attempt = firstAttempt();
        var clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        var report = new ProgressReport(inProgress(), attempt, publisher, clock);

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
        var report = new ProgressReport(inProgress(), attempt, publisher, clock);

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
