package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MINUTE;

import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.embedded.S3Location;
import io.text2video.worker.control.ControlTail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class CancelledJobTest extends JobRunnerFixture {
    private static final VideoParameters TEN_STEPS =
            new VideoParameters(null, 10, null, null, null, null, null, null, null, null, 1L, null, null);

    @Test
    void shouldStopAtTheNextStepAndTakeTheNextJob() throws Exception {
        // Given a worker that reads the control topic, in the middle of a job
        List<Integer> stepsAfter = new ArrayList<>();
        TestDelivery delivery = TestDelivery.of(request(null, TEN_STEPS));
        Outcome outcome;
        try (ControlTail tail = ControlTail.open(fleet.kafka(), cancelled)) {
            assertThat(tail).isNotNull();
            pipeline.atStep = step -> {
                if (cancelled.contains(id)) {
                    stepsAfter.add(step);
                } else if (step == 4) {
                    sendCancel();
                    await().atMost(ONE_MINUTE).until(() -> cancelled.contains(id));
                }
            };

            // When somebody cancels it
            outcome = runner.run(delivery);
        }

        // Then at most one more step is drawn
        assertThat(stepsAfter).hasSizeLessThanOrEqualTo(1);
        assertThat(outcome).isEqualTo(Outcome.CANCELLED);
        assertThat(delivery.end).isEqualTo("accepted");

        // And everybody is told, and nothing is left but the end
        List<JobSnapshot> states = states();
        assertThat(states).extracting(JobSnapshot::status).containsExactly(JobStatus.IN_PROGRESS, JobStatus.CANCELLED);
        assertThat(fleet.messages(Topic.EVENTS, id, VideoEvent.class)).last().isEqualTo(VideoEvent.of(states.get(1)));
        assertThat(fleet.messages(Topic.WEBHOOKS, id, WebhookDelivery.class))
                .containsExactly(WebhookDelivery.first(states.get(1)));
        assertThat(fleet.folders.look(id).keys()).containsExactly(ObjectKeys.result(id));
        assertThat(meters.counter("text2video.worker.jobs", "outcome", "cancelled")
                        .count())
                .isEqualTo(1);

        // And the worker is there for the next
        pipeline.atStep = step -> {};
        assertThat(runner.run(TestDelivery.of(anotherRequest()))).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldStopWhileItsModelIsLoaded() throws Exception {
        // Given a job that is cancelled amid the weights
        beforeWeight = weight -> {
            if (weight == 3) {
                cancelled.add(id);
            }
        };

        // When
        Outcome outcome = runner.run(TestDelivery.of(request(null, TEN_STEPS)));

        // Then no other weight is read, and the next job has the model loaded
        assertThat(outcome).isEqualTo(Outcome.CANCELLED);
        assertThat(weights).isEqualTo(3);
        assertThat(pipeline.generated).isEmpty();
        beforeWeight = weight -> {};
        assertThat(runner.run(TestDelivery.of(anotherRequest()))).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldGiveAJobBackWhoseModelIsLoadedWhenTheWorkerStops() throws Exception {
        beforeWeight = weight -> {
            if (weight == 3) {
                stop.send();
            }
        };

        Outcome outcome = runner.run(TestDelivery.of(request(null, TEN_STEPS)));

        assertThat(outcome).isEqualTo(Outcome.RELEASED);
        assertThat(weights).isEqualTo(3);
    }

    @Test
    void shouldStopAtTheNextChunkOfFrames() throws Exception {
        // Given a job of which a part of the video is on this disk when it is cancelled
        Set<Path> written = new HashSet<>();
        pipeline.amidFrames = () -> {
            written.addAll(
                    await().atMost(ONE_MINUTE).until(CancelledJobTest::videosOpenHere, files -> !files.isEmpty()));
            cancelled.add(id);
        };

        // When it runs
        Outcome outcome = runner.run(TestDelivery.of(request(null, TEN_STEPS)));

        // Then it ends there, and nothing of it is left here
        assertThat(outcome).isEqualTo(Outcome.CANCELLED);
        assertThat(states()).last().extracting(JobSnapshot::status).isEqualTo(JobStatus.CANCELLED);
        assertThat(written).isNotEmpty().noneMatch(Files::exists).noneMatch(file -> Files.exists(file.getParent()));
    }

    @Test
    void shouldNotStoreTheVideoOfAJobCancelledAtItsEnd() throws Exception {
        // Given a video that is drawn, and then cancelled
        JobStage.Prepared prepared = (JobStage.Prepared) runner.prepare(TestDelivery.of(request(null, TEN_STEPS)));
        JobStage.Drawn drawn = (JobStage.Drawn) runner.draw(prepared, () -> {});
        cancelled.add(id);

        JobStage ended = runner.finish(drawn);

        assertThat(ended).isEqualTo(new JobStage.Ended(Outcome.CANCELLED));
        assertThat(fleet.folders.look(id).keys()).containsExactly(ObjectKeys.result(id));
    }

    @Test
    void shouldStopWhileItWaitsForTheStore() {
        // Given a store that does not answer, and a worker that waits for it for a day
        Attempt attempt = firstAttempt();
        try (var nowhere = new ObjectStore(new S3Location("http://127.0.0.1:1", "key", "secret-key"))) {
            var archive = new VideoArchive(nowhere, new Backoff(Duration.ofDays(1), Duration.ofMillis(1)));

            // When the job is cancelled meanwhile, then the waiting ends
            assertThatThrownBy(() -> archive.look(id, time -> {
                        cancelled.add(id);
                        attempt.pause(time);
                    }))
                    .isInstanceOf(AbandonedException.class)
                    .hasMessageContaining("the job %s is cancelled".formatted(id));
        }
    }

    @Test
    void shouldEndAsWhoeverCancelledItSays() throws Exception {
        // Given a job that a gateway ends while it is drawn
        Instant time = Instant.now().minusSeconds(60);
        pipeline.atStep = step -> {
            if (step == 4) {
                endElsewhere(time);
                cancelled.add(id);
            }
        };

        // When the worker stops
        Outcome outcome = runner.run(TestDelivery.of(request(null, TEN_STEPS)));

        // Then there is one end, the gateway's
        assertThat(outcome).isEqualTo(Outcome.CANCELLED);
        assertThat(states())
                .filteredOn(state -> state.status().isTerminal())
                .extracting(JobSnapshot::completedAt)
                .containsExactly(time);
    }

    @Test
    void shouldPublishTheVideoOfAJobCancelledTooLate() throws Exception {
        // Given a job whose completion is committed, while its worker does not know what came of it
        TestDelivery delivery = TestDelivery.of(request(null, TEN_STEPS));
        runner.run(delivery);

        // When it is cancelled
        cancelled.add(id);
        Outcome outcome = runner.run(TestDelivery.of(request(null, TEN_STEPS)));

        // Then it stays completed
        assertThat(outcome).isEqualTo(Outcome.REPEATED);
        assertThat(states()).extracting(JobSnapshot::status).doesNotContain(JobStatus.CANCELLED);
        assertThat(fleet.store.size(states().get(1).video().key())).isPresent();
    }

    @Test
    void shouldNeverStartAJobCancelledWhileQueued() throws Exception {
        // Given an end that a gateway committed, and died
        endElsewhere(Instant.now());
        TestDelivery delivery = TestDelivery.of(request(null, TEN_STEPS));

        // When the job's turn comes
        Outcome outcome = runner.run(delivery);

        // Then nothing is drawn, and everybody is told
        assertThat(outcome).isEqualTo(Outcome.CANCELLED);
        assertThat(delivery.end).isEqualTo("accepted");
        assertThat(pipeline.generated).isEmpty();
        assertThat(states()).extracting(JobSnapshot::status).containsExactly(JobStatus.CANCELLED);
    }

    private void endElsewhere(Instant time) {
        try {
            fleet.folders.end(JobSnapshot.queued(request(null, TEN_STEPS), time).cancelled(time));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void sendCancel() {
        try (var producer = new KafkaProducer<>(fleet.kafka(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(JobRecords.cancel(id, Instant.now()));
        }
    }

    /** Other processes on this machine may draw videos too. */
    private static Set<Path> videosOpenHere() throws IOException {
        Set<Path> videos = new HashSet<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : links.toList()) {
                try {
                    Path file = Files.isSymbolicLink(link) ? Files.readSymbolicLink(link) : link;
                    if (file.endsWith("video.mp4")) {
                        videos.add(file);
                    }
                } catch (NoSuchFileException closed) {
                    // By another thread, since it was listed.
                }
            }
        }
        return videos;
    }
}
