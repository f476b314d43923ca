package io.text2video.worker.jobs;

import static io.text2video.worker.jobs.States.COMPUTATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.lifecycle.Claim;
import io.text2video.common.lifecycle.JobFolders;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.embedded.EmbeddedS3;
import io.text2video.embedded.FreePort;
import io.text2video.embedded.S3Location;
import io.text2video.worker.control.CancelledJobs;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An attempt's states, with stores that are away for a while, or say nothing. */
@Tag("slow")
class JobCheckpointsTest {
    private static final AttemptId ATTEMPT = new AttemptId(1, 1);
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path data;

    private final JobId id = JobId.next();
    private final StopSignal stop = new StopSignal();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void shouldWantAStateEveryFewStepsAtTheLastAndWhenTheWorkerIsToStop() {
        try (var objects = new ObjectStore(location(1));
                JobCheckpoints sender = sender(objects, 5, LONG)) {
            JobCheckpoints.OfAttempt checkpoints = sender.of(attempt(objects));

            assertThat(checkpoints.isDue(4, 12)).isFalse();
            assertThat(checkpoints.isDue(5, 12)).isTrue();
            assertThat(checkpoints.isDue(12, 12)).isTrue();
            stop.send();
            assertThat(checkpoints.isDue(4, 12)).isTrue();
        }
    }

    @Test
    void shouldKeepNothingWhereNoneAreWanted() {
        try (var objects = new ObjectStore(location(1));
                JobCheckpoints sender = sender(objects, 0, LONG)) {
            assertThat(sender.of(attempt(objects)).orNone()).isSameAs(Checkpoints.NONE);
            assertThatThrownBy(() -> sender(objects, -1, LONG))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("every -1 steps (worker.checkpoint-steps)");
        }
    }

    @Test
    void shouldSendTheNewestAloneOnceTheStoreIsBack() throws IOException {
        // Given a store that is away
        int port = FreePort.find();
        try (var objects = new ObjectStore(location(port));
                JobCheckpoints sender = sender(objects, 5, LONG)) {
            JobCheckpoints.OfAttempt checkpoints = sender.of(attempt(objects));
            for (int step = 5; step <= 30; step += 5) {
                checkpoints.save(States.after(step));
            }

            // When it comes back
            try (EmbeddedS3 s3 = new EmbeddedS3(data, port, "key", "secret-key")) {
                objects.ensureBucket();

                // Then
                await().atMost(LONG).untilAsserted(() -> assertThat(objects.list(ObjectKeys.folder(id)))
                        .containsExactlyInAnyOrder(
                                ObjectKeys.progressed(id, ATTEMPT), ObjectKeys.checkpoint(id, COMPUTATION, 30)));
                assertThat(s3.config()).isNotNull();
            }
        }
    }

    @Test
    void shouldWaitForTheLastOneWhenTheAttemptIsLeft() throws IOException {
        try (EmbeddedS3 s3 = new EmbeddedS3(data, 0, "key", "secret-key");
                var objects = new ObjectStore(s3.config());
                JobCheckpoints sender = sender(objects, 5, LONG)) {
            objects.ensureBucket();
            JobCheckpoints.OfAttempt checkpoints = sender.of(attempt(objects));

            checkpoints.save(States.after(35));
            checkpoints.save(States.after(37));
            checkpoints.leave();

            assertThat(objects.list(ObjectKeys.folder(id)))
                    .containsExactlyInAnyOrder(
                            ObjectKeys.progressed(id, ATTEMPT), ObjectKeys.checkpoint(id, COMPUTATION, 37));
        }
    }

    @Test
    void shouldNotChargeAnAttemptThatWentFurtherThanThoseBeforeIt() throws IOException {
        try (EmbeddedS3 s3 = new EmbeddedS3(data, 0, "key", "secret-key");
                var objects = new ObjectStore(s3.config());
                JobCheckpoints sender = sender(objects, 5, LONG)) {
            objects.ensureBucket();
            var folders = new JobFolders(objects);
            folders.claim(id, ATTEMPT, new Claim(Claim.VERSION, "w1", "video.requests-0@7", Instant.EPOCH));
            // Given a state of an attempt before it
            objects.put(ObjectKeys.checkpoint(id, COMPUTATION, 35), new byte[] {1}, "text/plain");
            JobCheckpoints.OfAttempt checkpoints = sender.of(attempt(objects));

            // When it keeps that state again, then it has come to nothing yet
            checkpoints.save(States.after(35));
            checkpoints.leave();
            assertThat(folders.look(id).charged(1)).isEqualTo(1);

            // When it keeps one that goes further, then it has not
            checkpoints.save(States.after(40));
            checkpoints.leave();
            assertThat(folders.look(id).charged(1)).isZero();
            assertThat(folders.look(id).interrupted()).isEqualTo(1);
        }
    }

    @Test
    void shouldStopAnAttemptAtAJobThatAnotherHasEnded() throws IOException {
        // Given an attempt that does not know that the job has its end
        try (EmbeddedS3 s3 = new EmbeddedS3(data, 0, "key", "secret-key");
                var objects = new ObjectStore(s3.config());
                JobCheckpoints sender = sender(objects, 5, LONG)) {
            objects.ensureBucket();
            objects.put(ObjectKeys.result(id), new byte[] {1}, "text/plain");
            Attempt attempt = attempt(objects);
            JobCheckpoints.OfAttempt checkpoints = sender.of(attempt);
            attempt.requireWanted();

            // When it has sent a state
            checkpoints.save(States.after(5));
            checkpoints.leave();

            // Then it goes on no further, and nothing is left of it
            assertThatThrownBy(attempt::checkpoint)
                    .isInstanceOf(AbandonedException.class)
                    .hasMessage("the job has ended");
            assertThat(objects.list(ObjectKeys.folder(id))).containsExactly(ObjectKeys.result(id));
        }
    }

    @Test
    void shouldLeaveAStoreThatSaysNothingOrIsAway() throws IOException {
        // Given one that takes connections and never answers
        try (var mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var objects = new ObjectStore(location(mute.getLocalPort()));
                JobCheckpoints sender = sender(objects, 5, Duration.ofMillis(100))) {
            JobCheckpoints.OfAttempt checkpoints = sender.of(attempt(objects));

            // Then whoever draws goes on, finds its own state again, and leaves in the end
            checkpoints.save(States.after(5));
            assertThat(checkpoints.newest(COMPUTATION, 51).orElseThrow().step()).isEqualTo(5);
            assertThatCode(checkpoints::leave).doesNotThrowAnyException();
        }
        try (var objects = new ObjectStore(location(1));
                JobCheckpoints sender = sender(objects, 5, LONG)) {
            JobCheckpoints.OfAttempt checkpoints = sender.of(attempt(objects));
            checkpoints.save(States.after(5));
            assertThatCode(checkpoints::leave).doesNotThrowAnyException();
        }
    }

    @Test
    void shouldSendNothingMoreOnceItIsDropped() throws IOException {
        int port = FreePort.find();
        try (var objects = new ObjectStore(location(port));
                JobCheckpoints sender = sender(objects, 5, LONG)) {
            JobCheckpoints.OfAttempt dropped = sender.of(attempt(objects));
            dropped.save(States.after(5));
            awaitFailure(sender, objects);
            dropped.drop();
            // Of one that was under way.
            awaitFailure(sender, objects);

            try (EmbeddedS3 s3 = new EmbeddedS3(data, port, "key", "secret-key")) {
                objects.ensureBucket();
                dropped.leave();
                JobCheckpoints.OfAttempt next = sender.of(attempt(objects));
                next.save(States.after(10, "fedcba9876543210"));
                next.leave();

                assertThat(objects.list(ObjectKeys.folder(id)))
                        .containsExactlyInAnyOrder(
                                ObjectKeys.progressed(id, ATTEMPT), ObjectKeys.checkpoint(id, "fedcba9876543210", 10));
                assertThat(s3.config()).isNotNull();
            }
        }
    }

    /** One thread sends: once this one's state could not be sent, no earlier one is under way. */
    private void awaitFailure(JobCheckpoints sender, ObjectStore objects) {
        JobCheckpoints.OfAttempt behind = sender.of(attempt(objects));
        behind.save(States.after(5));
        behind.leave();
    }

    @Test
    void shouldBeginAnewWhereTheStoreDoesNotSayWhatThereIs() {
        try (var objects = new ObjectStore(location(1));
                JobCheckpoints sender = sender(objects, 5, LONG)) {
            assertThat(sender.of(attempt(objects)).newest(COMPUTATION, 51)).isEmpty();
        }
    }

    @Test
    void shouldCountTheStepsThatNeedNotBeTakenAgain() {
        try (var objects = new ObjectStore(location(1));
                JobCheckpoints sender = sender(objects, 5, LONG)) {
            sender.of(attempt(objects)).resumed(35, 50);

            assertThat(meters.counter("text2video.worker.resumed.steps").count())
                    .isEqualTo(35);
        }
    }

    private JobCheckpoints sender(ObjectStore objects, int every, Duration stopGrace) {
        var backoff = new Backoff(Duration.ofMillis(50), Duration.ofMillis(10));
        return new JobCheckpoints(objects, backoff, every, stopGrace, new JobMetrics(meters));
    }

    private Attempt attempt(ObjectStore objects) {
        var request = new VideoRequest(VideoRequest.VERSION, id, null, "a ball", null, null, null, null);
        return new Attempt(
                request,
                TestDelivery.of(request),
                ATTEMPT,
                0,
                false,
                new VideoArchive(objects, new Backoff(Duration.ZERO)),
                stop,
                new CancelledJobs(10),
                JobTrace.begin(TestDelivery.of(request).record(), "w1"));
    }

    private static S3Location location(int port) {
        return new S3Location("http://127.0.0.1:" + port, "key", "secret-key");
    }
}
