package io.text2video.worker.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.InputReference;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectStore;
import io.text2video.embedded.S3Location;
import io.text2video.image.InputImage;
import io.text2video.worker.pipeline.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InputImageReaderTest extends JobRunnerFixture {
    private final BlobPipeline animator = new BlobPipeline(BlobPipeline.FROM_IMAGE, Set.of());
    private String key;
    private JobRunner animating;

    @BeforeEach
    void serveAModelThatStartsFromAnImage() {
        key = "inputs/%s.png".formatted(id);
        animating = animating(fleet.store);
    }

    @Test
    void shouldDrawFromTheImage() throws Exception {
        fleet.store.putIfAbsent(key, redPixelOnTheLeft(), "image/png");

        Outcome outcome = animating.run(TestDelivery.of(from(key)));

        assertThat(outcome).isEqualTo(Outcome.COMPLETED);
        RgbImage image = animator.generated.get(0).image();
        assertThat(image.width()).isEqualTo(3);
        assertThat(image.height()).isEqualTo(2);
        assertThat(image.rgb()).startsWith((byte) 255, 0, 0, 0, 0, (byte) 255);
        assertThat(fleet.store.size(key)).isPresent();
    }

    @Test
    void shouldFailWhenThereIsNoSuchObject() throws Exception {
        Outcome outcome = animating.run(TestDelivery.of(from(key)));

        assertRefused(outcome, key, "no such object");
    }

    @Test
    void shouldFailWhenTheObjectIsNoImage() throws Exception {
        fleet.store.putIfAbsent(key, "garbage".getBytes(UTF_8), "image/png");

        Outcome outcome = animating.run(TestDelivery.of(from(key)));

        assertRefused(outcome, key, "PNG, JPEG or WebP");
    }

    @Test
    void shouldFailWhenTheObjectIsTooLarge() throws Exception {
        fleet.store.putIfAbsent(key, new byte[InputImage.MAX_BYTES + 1], "image/png");

        Outcome outcome = animating.run(TestDelivery.of(from(key)));

        assertRefused(outcome, key, "10 MB");
    }

    @Test
    void shouldFailWithoutAnImageWhereOneIsNeeded() throws Exception {
        Outcome outcome = animating.run(TestDelivery.of(request(null, VideoParameters.DEFAULTS)));

        assertRefused(outcome, "input_reference", "missing");
    }

    @Test
    void shouldFailWithAnImageWhereNoneIsTaken() throws Exception {
        Outcome outcome = runner.run(TestDelivery.of(from(key)));

        assertRefused(outcome, "input_reference", "cannot be used");
    }

    @Test
    void shouldGiveTheJobBackWhenTheStoreStaysAway() throws Exception {
        fleet.store.putIfAbsent(key, redPixelOnTheLeft(), "image/png");
        try (var nowhere = new ObjectStore(new S3Location("http://127.0.0.1:1", "key", "secret-key"))) {
            Outcome outcome = animating(nowhere).run(TestDelivery.of(from(key)));

            assertThat(outcome).isEqualTo(Outcome.RELEASED);
            assertThat(states()).isEmpty();
        }
    }

    private void assertRefused(Outcome outcome, String... message) throws Exception {
        assertThat(outcome).isEqualTo(Outcome.FAILED);
        JobSnapshot failed = states().get(0);
        assertThat(failed.error().code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
        assertThat(failed.error().param()).isEqualTo("input_reference");
        assertThat(failed.error().message()).contains(message);
        assertThat(failed.startedAt()).isNull();
        assertThat(animator.generated).isEmpty();
    }

    private JobRunner animating(ObjectStore store) {
        return runner(store, stop, List.of(model("animator", BlobPipeline.FROM_IMAGE)), Map.of("animator", animator));
    }

    private VideoRequest from(String key) {
        return new VideoRequest(
                VideoRequest.VERSION,
                id,
                null,
                "a ball",
                VideoParameters.DEFAULTS,
                new InputReference(key),
                WEBHOOK,
                Instant.now());
    }

    private static byte[] redPixelOnTheLeft() throws IOException {
        var image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0xff0000);
        image.setRGB(1, 0, 0x0000ff);
        var file = new ByteArrayOutputStream();
        ImageIO.write(image, "png", file);
        return file.toByteArray();
    }
}
