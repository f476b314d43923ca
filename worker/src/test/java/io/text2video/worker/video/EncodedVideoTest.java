package io.text2video.worker.video;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.text2video.worker.pipeline.Frames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.FrameGrabber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedVideoTest {
    @ParameterizedTest
    @CsvSource({"9, 64, 64, 8", "5, 48, 80, 30", "1, 16, 16, 1", "9, 480, 720, 16"})
    void shouldKeepEveryFrameAndTheirColours(int count, int height, int width, int fps) throws Exception {
        // Given frames with a moving ball
        Frames frames = BlobFrames.draw(count, height, width);

        // When they are encoded
        try (var video = encode(frames, fps);
                var decoded = new FFmpegFrameGrabber(video.mp4().toFile())) {
            decoded.start();

            // Then a player finds them all, at that rate, in those colours
            assertThat(decoded.getVideoCodecName()).isEqualTo("h264");
            assertThat(decoded.getFrameRate()).isEqualTo(fps);
            assertThat(decoded.getImageWidth()).isEqualTo(width);
            assertThat(decoded.getImageHeight()).isEqualTo(height);
            Frames shown = InputVideo.decode(video.mp4(), InputVideo.Sampling.of(fps, count + 1));
            assertThat(shown.count()).isEqualTo(count);
            for (int i = 0; i < count; i++) {
                assertThat(psnr(frames, shown, i)).as("PSNR of frame %d", i).isGreaterThan(30);
            }
        }
    }

    @Test
    void shouldSayHowItsColoursAreMeant() throws IOException {
        try (var video = encode(BlobFrames.draw(2, 64, 64), 8);
                var decoded = new FFmpegFrameGrabber(video.mp4().toFile())) {
            decoded.setImageMode(FrameGrabber.ImageMode.RAW);
            decoded.start();
            AVFrame picture = (AVFrame) decoded.grabImage().opaque;

            assertThat(picture.format()).isEqualTo(avutil.AV_PIX_FMT_YUV420P);
            assertThat(picture.colorspace()).isEqualTo(avutil.AVCOL_SPC_BT709);
            assertThat(picture.color_primaries()).isEqualTo(avutil.AVCOL_PRI_BT709);
            assertThat(picture.color_trc()).isEqualTo(avutil.AVCOL_TRC_BT709);
            assertThat(picture.color_range()).isEqualTo(avutil.AVCOL_RANGE_MPEG);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "255, 0, 0, 63, 102, 240",
        "0, 255, 0, 173, 42, 26",
        "0, 0, 255, 32, 240, 118",
        "128, 128, 128, 126, 128, 128"
    })
    void shouldTurnColoursByTheMatrixThatItNames(int red, int green, int blue, int y, int cb, int cr)
            throws IOException {
        // Given a colour, whose values by BT.709 in limited range were reckoned by hand
        byte[] rgb = new byte[3 * 64 * 64];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = (byte) red;
            rgb[i + 1] = (byte) green;
            rgb[i + 2] = (byte) blue;
        }

        try (var picture = new YuvPicture(64, 64)) {
            ByteBuffer planes = picture.of(new Frames(1, 64, 64, rgb), 0);

            assertThat(planes.capacity()).isEqualTo(64 * 64 * 3 / 2);
            assertThat(planes.get(0) & 0xff).as("Y").isCloseTo(y, within(1));
            assertThat(planes.get(64 * 64) & 0xff).as("Cb").isCloseTo(cb, within(1));
            assertThat(planes.get(64 * 64 * 5 / 4) & 0xff).as("Cr").isCloseTo(cr, within(1));
        }
    }

    @Test
    void shouldPutTheIndexBeforeThePictures() throws IOException {
        try (var video = encode(BlobFrames.draw(5, 64, 64), 8)) {
            String bytes = new String(Files.readAllBytes(video.mp4()), ISO_8859_1);

            assertThat(bytes.indexOf("moov")).isPositive().isLessThan(bytes.indexOf("mdat"));
            assertThat(video.size()).isEqualTo(bytes.length());
        }
    }

    @Test
    void shouldGiveTheSameBytesForTheSameFrames() throws IOException {
        try (var one = encode(BlobFrames.draw(5, 64, 64), 8);
                var other = encode(BlobFrames.draw(5, 64, 64), 8)) {
            assertThat(one.mp4()).hasSameBinaryContentAs(other.mp4());
        }
    }

    @Test
    void shouldShowTheFirstFrameOnThePoster() throws IOException {
        Frames frames = BlobFrames.draw(3, 32, 48);
        try (var video = encode(frames, 8)) {
            var poster = ImageIO.read(video.poster().toFile());

            assertThat(poster.getWidth()).isEqualTo(48);
            assertThat(poster.getHeight()).isEqualTo(32);
            int middle = 3 * (16 * 48 + 14);
            assertThat(poster.getRGB(14, 16) & 0xffffff)
                    .isEqualTo(((frames.rgb()[middle] & 0xff) << 16)
                            | ((frames.rgb()[middle + 1] & 0xff) << 8)
                            | (frames.rgb()[middle + 2] & 0xff));
        }
    }

    @Test
    void shouldLeaveNoFileBehind() throws IOException {
        Path directory;
        try (var video = encode(BlobFrames.draw(1, 16, 16), 8)) {
            directory = video.mp4().getParent();
            assertThat(directory).exists();
        }
        assertThat(directory).doesNotExist();
    }

    @Test
    void shouldRefuseASizeThatHasNoPixels() {
        assertThatThrownBy(() -> encode(new Frames(1, 0, 0, new byte[0]), 8))
                .isInstanceOf(VideoEncodingException.class)
                .hasMessageContaining("frame 0 of 0x0 at 8 fps");
    }

    private static EncodedVideo encode(Frames frames, int fps) throws IOException {
        try (var encoder = new VideoEncoder(fps)) {
            encoder.accept(frames);
            return encoder.finish();
        }
    }

    private static double psnr(Frames frames, Frames shown, int index) {
        int frame = frames.rgb().length / frames.count();
        double squares = 0;
        for (int i = index * frame; i < (index + 1) * frame; i++) {
            int difference = (frames.rgb()[i] & 0xff) - (shown.rgb()[i] & 0xff);
            squares += difference * difference;
        }
        return 10 * Math.log10(255.0 * 255 * frame / squares);
    }
}
