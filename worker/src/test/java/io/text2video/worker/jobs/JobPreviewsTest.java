package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.embedded.EmbeddedS3;
import io.text2video.embedded.S3Location;
import io.text2video.worker.control.CancelledJobs;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.LatentPreviewSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An attempt's previews, with stores that are there, and that are not. */
@Tag("slow")
class JobPreviewsTest {
    private static final AttemptId ATTEMPT = new AttemptId(1, 2);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    Path data;

    private final JobId id = JobId.next();
    private final AtomicLong clock = new AtomicLong();
    private final List<Integer> kept = new CopyOnWriteArrayList<>();

    @Test
    void shouldKeepOneASecondAtMostAndReplaceTheOneBefore() throws IOException {
        try (EmbeddedS3 s3 = new EmbeddedS3(data, 0, "key", "secret-key");
                var objects = new ObjectStore(s3.config());
                var previews = new JobPreviews(objects, 1, false, clock::get);
                JobPreviews.OfAttempt shown = previews.of(attempt(objects), (step, picture) -> kept.add(step))) {
            objects.ensureBucket();

            // When one is made
            assertThat(shown.wanted(1, 9)).isEqualTo(1);
            shown.accept(1, () -> frame(1));
            await().atMost(LONG).until(() -> kept.equals(List.of(1)));

            // Then no other before a second has passed
            clock.addAndGet(SECOND - 1);
            assertThat(shown.wanted(2, 9)).isZero();
            clock.addAndGet(1);
            await().atMost(LONG).until(() -> shown.wanted(3, 9) == 1);
            shown.accept(3, () -> frame(3));
            await().atMost(LONG).until(() -> kept.equals(List.of(1, 3)));
            assertThat(objects.list(ObjectKeys.folder(id))).containsExactly(ObjectKeys.preview(id, ATTEMPT));
            byte[] jpeg = objects.read(ObjectKeys.preview(id, ATTEMPT)).orElseThrow();
            assertThat(ImageIO.read(new ByteArrayInputStream(jpeg)).getWidth()).isEqualTo(3);
        }
    }

    @Test
    void shouldRemoveWhatCameAfterTheJobHadEnded() throws IOException {
        try (EmbeddedS3 s3 = new EmbeddedS3(data, 0, "key", "secret-key");
                var objects = new ObjectStore(s3.config());
                var previews = new JobPreviews(objects, 1, false, clock::get)) {
            objects.ensureBucket();
            try (JobPreviews.OfAttempt shown = previews.of(attempt(objects), (step, picture) -> kept.add(step))) {
                // Given a job that somebody has ended meanwhile
                objects.put(ObjectKeys.result(id), new byte[] {'{', '}'}, "application/json");
                shown.accept(1, () -> frame(1));
                await().atMost(LONG).until(() -> kept.equals(List.of(1)));
            }

            // Then, once the attempt is over, the end alone is there
            await().atMost(LONG).untilAsserted(() -> assertThat(objects.list(ObjectKeys.folder(id)))
                    .containsExactly(ObjectKeys.result(id)));
        }
    }

    @Test
    void shouldShowAStripOfFramesWhereThatIsWanted() throws IOException {
        try (EmbeddedS3 s3 = new EmbeddedS3(data, 0, "key", "secret-key");
                var objects = new ObjectStore(s3.config());
                var previews = new JobPreviews(objects, 4, false, clock::get);
                JobPreviews.OfAttempt shown = previews.of(attempt(objects), (step, picture) -> kept.add(step))) {
            objects.ensureBucket();
            assertThat(shown.wanted(1, 9)).isEqualTo(4);

            shown.accept(1, () -> new Frames(4, 2, 3, new byte[4 * 2 * 3 * 3]));

            await().atMost(LONG).until(() -> kept.equals(List.of(1)));
            byte[] jpeg = objects.read(ObjectKeys.preview(id, ATTEMPT)).orElseThrow();
            assertThat(ImageIO.read(new ByteArrayInputStream(jpeg)).getWidth()).isEqualTo(4 * 3);
            assertThat(ImageIO.read(new ByteArrayInputStream(jpeg)).getHeight()).isEqualTo(2);
        }
    }

    @Test
    void shouldHandOverThePictureItselfWhereThatIsWanted() throws IOException {
        var pictures = new CopyOnWriteArrayList<String>();
        try (EmbeddedS3 s3 = new EmbeddedS3(data, 0, "key", "secret-key");
                var objects = new ObjectStore(s3.config());
                var previews = new JobPreviews(objects, 1, true, clock::get);
                JobPreviews.OfAttempt shown = previews.of(attempt(objects), (step, picture) -> pictures.add(picture))) {
            objects.ensureBucket();

            shown.accept(1, () -> frame(5));

            await().atMost(LONG).until(() -> pictures.size() == 1);
            assertThat(Base64.getDecoder().decode(pictures.get(0)))
                    .isEqualTo(objects.read(ObjectKeys.preview(id, ATTEMPT)).orElseThrow());
        }
    }

    @Test
    void shouldRefuseStripsThatShowNothing() {
        try (var objects = new ObjectStore(new S3Location("http://127.0.0.1:1", "key", "secret-key"))) {
            assertThatThrownBy(() -> new JobPreviews(objects, 17, false))
                    .hasMessage("a preview shows 1 to 16 frames (WORKER_PREVIEW_FRAMES), not 17");
        }
    }

    @Test
    void shouldCostPreviewsAloneWhereTheStoreIsAway() {
        try (var objects = new ObjectStore(new S3Location("http://127.0.0.1:1", "key", "secret-key"));
                var previews = new JobPreviews(objects, 1, false, clock::get);
                JobPreviews.OfAttempt shown = previews.of(attempt(objects), (step, picture) -> kept.add(step))) {
            shown.accept(1, () -> frame(1));
            await().atMost(LONG).until(() -> objects.failures() > 0);
            awaitSent(previews, objects);

            // Then it is left alone for a while
            clock.addAndGet(2 * SECOND);
            assertThat(shown.wanted(2, 9)).isZero();
            clock.addAndGet(60 * SECOND);
            await().atMost(LONG).until(() -> shown.wanted(3, 9) == 1);
            assertThat(kept).isEmpty();
        }
    }

    @Test
    void shouldMakeNoneWhereTheyAreTurnedOff() {
        try (var objects = new ObjectStore(new S3Location("http://127.0.0.1:1", "key", "secret-key"));
                var previews = new JobPreviews(objects, 0, false);
                JobPreviews.OfAttempt shown = previews.of(attempt(objects), (step, picture) -> kept.add(step))) {
            assertThat(shown.orNone()).isSameAs(LatentPreviewSink.NONE);
        }
    }

    /** One thread sends: once another attempt's is made there, what came of the ones before it is known. */
    private void awaitSent(JobPreviews previews, ObjectStore objects) {
        var made = new AtomicBoolean();
        previews.of(attempt(objects), (step, picture) -> kept.add(step)).accept(1, () -> {
            made.set(true);
            return frame(1);
        });
        await().atMost(LONG).untilTrue(made);
    }

    private static Frames frame(int width) {
        return new Frames(1, 1, width, new byte[3 * width]);
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
                new StopSignal(),
                new CancelledJobs(10),
                JobTrace.begin(TestDelivery.of(request).record(), "w1"));
    }
}
