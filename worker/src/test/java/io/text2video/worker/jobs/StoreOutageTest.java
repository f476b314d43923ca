package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MINUTE;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.embedded.EmbeddedS3;
import io.text2video.embedded.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that goes away when a video is drawn, for far longer than the first tries to store it take. */
class StoreOutageTest extends JobRunnerFixture {
    private static final String KEY = "key";
    private static final String SECRET = "secret-key";

    /** Twelve hours, scaled down as the outage is. */
    private static final Backoff PATIENCE = new Backoff(Duration.ofMinutes(5), Duration.ofMillis(20));

    /** Ten minutes with a first pause of half a second, scaled down. */
    private static final Duration OUTAGE = Duration.ofSeconds(8);

    @TempDir
    Path data;

    private EmbeddedS3 s3;
    private ObjectStore store;

    @BeforeEach
    void startStore() throws IOException {
        // Nobody takes it while the store is away.
        s3 = new EmbeddedS3(data, FreePort.find(), KEY, SECRET);
        store = new ObjectStore(s3.config());
        store.ensureBucket();
    }

    @AfterEach
    void stopStore() {
        store.close();
        s3.close();
    }

    @Test
    void shouldStoreWhatWasDrawnOnceTheStoreIsBack() throws Exception {
        // Given a store that goes away while the frames are decoded
        CompletableFuture<Void> back = new CompletableFuture<>();
        int port = URI.create(s3.config().endpoint()).getPort();
        pipeline.amidFrames = () -> {
            s3.close();
            CompletableFuture.delayedExecutor(OUTAGE.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        try {
                            s3 = new EmbeddedS3(data, port, KEY, SECRET);
                            back.complete(null);
                        } catch (IOException e) {
                            back.completeExceptionally(new UncheckedIOException(e));
                        }
                    });
        };
        TestDelivery delivery = TestDelivery.of(request(null, VideoParameters.DEFAULTS));

        // When the job runs
        Outcome outcome = runner(store, PATIENCE).run(delivery);

        // Then it was drawn once, by one attempt, and is stored and completed
        assertThat(back).succeedsWithin(ONE_MINUTE);
        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        assertThat(delivery.end).isEqualTo("accepted");
        assertThat(pipeline.generated).hasSize(1);
        JobSnapshot done = states().get(states().size() - 1);
        assertThat(done.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(done.attemptId()).isEqualTo(new AttemptId(1, 1));
        assertThat(store.size(done.video().key())).contains(done.video().bytes());
        await().atMost(ONE_MINUTE).untilAsserted(() -> assertThat(store.list(ObjectKeys.folder(id)))
                .containsExactlyInAnyOrder(done.video().key(), done.video().posterKey(), ObjectKeys.result(id)));
    }
}
