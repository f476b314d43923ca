package io.text2video.worker.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoReference.Operation;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.Strength;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectStore;
import io.text2video.embedded.S3Location;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.VideoStart;
import io.text2video.worker.queue.Delivery;
import io.text2video.worker.video.BlobFrames;
import io.text2video.worker.video.MadeVideos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputVideoReaderTest extends JobRunnerFixture {
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
    private static final String MINE =
            "text2video-video-" + ProcessHandle.current().pid() + "-";

    private String key;

    @BeforeEach
    void nameAVideo() {
        key = "inputs/%s.mp4".formatted(id);
    }

    @AfterEach
    void shouldKeepNoFile() throws IOException {
        try (Stream<Path> entries = Files.list(TEMPORARY)) {
            assertThat(entries)
                    .noneMatch(entry -> entry.getFileName().toString().startsWith(MINE));
        }
    }

    @Test
    void shouldMakeAVideoFromIt() throws Exception {
        // Given one of other height, width and rate
        fleet.store.putIfAbsent(key, MadeVideos.mp4(BlobFrames.draw(40, 32, 96), 16), "video/mp4");

        // When
        Outcome outcome = runner.run(TestDelivery.of(from(key)));

        // Then
        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        GenerationParameters drawn = pipeline.generated.get(0);
        assertThat(drawn.video().strength()).isEqualTo(Strength.DEFAULT);
        Frames frames = drawn.video().frames();
        assertThat(frames.count()).isEqualTo(9);
        assertThat(frames.height()).isEqualTo(64);
        assertThat(frames.width()).isEqualTo(64);
        assertThat(states()).last().satisfies(job -> assertThat(job.inputVideo().key())
                .isEqualTo(key));
        assertThat(fleet.store.size(key)).isPresent();
    }

    @Test
    void shouldFailWhenThereIsNoSuchObject() throws Exception {
        Outcome outcome = runner.run(TestDelivery.of(from(key)));

        assertRefused(outcome, "\"%s\": there is no such object in the fleet's bucket".formatted(key));
    }

    @Test
    void shouldFailWhenTheObjectIsTooLarge() throws Exception {
        fleet.store.putIfAbsent(key, new byte[(int) VideoReference.MAX_BYTES + 1], "video/mp4");

        Outcome outcome = runner.run(TestDelivery.of(from(key)));

        assertRefused(outcome, "\"%s\": it has 67108865 bytes".formatted(key), "64 MiB");
        fleet.store.remove(key);
    }

    @Test
    void shouldFailWhenTheObjectIsNoVideoAndGoOn() throws Exception {
        // Given what passes for a video until it is decoded
        byte[] mp4 = MadeVideos.mp4(BlobFrames.draw(9, 64, 64), 8);
        fleet.store.putIfAbsent(key, MadeVideos.changed(mp4, "avcC", 0, 7, 7, 7, 7, 7, 7, 7, 7), "video/mp4");

        // When
        Outcome outcome = runner.run(TestDelivery.of(from(key)));

        // Then
        assertRefused(outcome, "input_video names \"%s\": ".formatted(key));
        assertThat(runner.run(TestDelivery.of(anotherRequest()))).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void shouldFailWhenTheObjectIsText() throws Exception {
        fleet.store.putIfAbsent(key, "garbage".getBytes(UTF_8), "video/mp4");

        Outcome outcome = runner.run(TestDelivery.of(from(key)));

        assertRefused(outcome, "it is no video that can be read");
    }

    @Test
    void shouldFailWhenTheObjectIsEmpty() throws Exception {
        fleet.store.putIfAbsent(key, new byte[0], "video/mp4");

        Outcome outcome = runner.run(TestDelivery.of(from(key)));

        assertRefused(outcome, "input_video names \"%s\": ".formatted(key));
    }

    @Test
    void shouldFailWithoutAFetchWhenTheRequestIsAtFault() throws Exception {
        // Given a strength that leaves no step, and no such object
        VideoRequest weak =
                request(null, VideoParameters.DEFAULTS).startingFrom(new VideoReference(key, Operation.EDIT, 0.1));

        // When
        Outcome outcome = runner.run(TestDelivery.of(weak));

        // Then
        assertThat(outcome).isEqualTo(Outcome.FAILED);
        assertThat(states().get(0).error().param()).isEqualTo("input_video.strength");
    }

    @Test
    void shouldGiveTheJobBackWhenTheStoreStaysAway() throws Exception {
        try (var nowhere = new ObjectStore(new S3Location("http://127.0.0.1:1", "key", "secret-key"))) {
            Outcome outcome = runner(nowhere, stop).run(TestDelivery.of(from(key)));

            assertThat(outcome).isEqualTo(Outcome.RELEASED);
            assertThat(states()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, io.text2video.worker.video.VideoFiles", "4, io.text2video.worker.video.InputVideo"})
    void shouldEndAtOnceWhenTheJobIsCancelled(int checkpoint, String under) throws Exception {
        // Given an attempt whose job is cancelled as its video is fetched, or decoded
        fleet.store.putIfAbsent(key, MadeVideos.mp4(BlobFrames.draw(9, 64, 64), 8), "video/mp4");
        VideoRequest request = from(key);
        var delivery = new CancelledDelivery(request, checkpoint);
        var archive = new VideoArchive(fleet.store, new Backoff(Duration.ZERO));
        var attempt = new Attempt(
                request, delivery, new AttemptId(1, 1), 0, false, archive, stop, cancelled, trace(delivery.delivery));

        // When
        GenerationParameters wanted = ModelRequest.resolve(request, BlobPipeline.FROM_PROMPT, Map.of());
        VideoStart start = ModelRequest.start(request, wanted, BlobPipeline.FROM_PROMPT.limits())
                .orElseThrow();
        Throwable end = catchThrowable(() -> new InputVideoReader(archive).fetch(attempt, start));

        // Then
        assertThat(end).isInstanceOf(AbandonedException.class);
        assertThat(delivery.checkpoints).isEqualTo(checkpoint - 1);
        assertThat(end.getStackTrace())
                .extracting(StackTraceElement::getClassName)
                .contains(under);
    }

    /** Of a job that is cancelled just before its checkpoint of that number. */
    private final class CancelledDelivery implements Delivery {
        private final TestDelivery delivery;
        private final int last;
        private int checkpoints;

        CancelledDelivery(VideoRequest request, int last) {
            delivery = TestDelivery.of(request);
            this.last = last;
            cancelBeforeLast();
        }

        private void cancelBeforeLast() {
            if (checkpoints == last - 1) {
                cancelled.add(id);
            }
        }

        @Override
        public boolean isLost() {
            checkpoints++;
            cancelBeforeLast();
            return false;
        }

        @Override
        public ConsumerRecord<byte[], byte[]> record() {
            return delivery.record();
        }

        @Override
        public void accept() {
            delivery.accept();
        }

        @Override
        public void release() {
            delivery.release();
        }
    }

    private void assertRefused(Outcome outcome, String... message) throws Exception {
        assertThat(outcome).isEqualTo(Outcome.FAILED);
        List<JobSnapshot> states = states();
        JobSnapshot failed = states.get(0);
        assertThat(failed.error().code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
        assertThat(failed.error().param()).isEqualTo("input_video");
        assertThat(failed.error().message()).contains(message);
        assertThat(failed.startedAt()).isNull();
        assertThat(pipeline.generated).isEmpty();
    }

    private VideoRequest from(String video) {
        return request(null, VideoParameters.DEFAULTS).startingFrom(new VideoReference(video, null, null));
    }
}
