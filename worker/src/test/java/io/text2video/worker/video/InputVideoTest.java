package io.text2video.worker.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.RgbImage;
import io.text2video.worker.video.InputVideo.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputVideoTest {
    private static final int GREY_LEVELS = 8;
    private static final int ALL = InputVideo.MAX_FRAMES;

    @TempDir
    Path directory;

    @Test
    void shouldGiveTheFramesThatWereEncoded() throws Exception {
        Frames drawn = BlobFrames.draw(9, 64, 96);

        Frames decoded = decode(MadeVideos.mp4(drawn, 8), Sampling.of(8, ALL));

        assertThat(decoded.count()).isEqualTo(9);
        assertThat(decoded.height()).isEqualTo(64);
        assertThat(decoded.width()).isEqualTo(96);
        assertThat(meanDifference(drawn, decoded)).isLessThan(3);
    }

    @Test
    void shouldReadOtherFormatsAndCodecs() throws Exception {
        Frames drawn = BlobFrames.draw(9, 64, 96);
        List<byte[]> files = List.of(
                MadeVideos.avi(drawn, 8),
                MadeVideos.made("mov", avcodec.AV_CODEC_ID_MPEG4, avutil.AV_PIX_FMT_YUV420P, drawn, 8),
                MadeVideos.made("matroska", avcodec.AV_CODEC_ID_MPEG4, avutil.AV_PIX_FMT_YUV420P, drawn, 8),
                MadeVideos.made("webm", avcodec.AV_CODEC_ID_VP8, avutil.AV_PIX_FMT_YUV420P, drawn, 8),
                MadeVideos.made("webm", avcodec.AV_CODEC_ID_VP9, avutil.AV_PIX_FMT_YUV420P, drawn, 8));
        for (byte[] file : files) {
            Frames decoded = decode(file, Sampling.of(8, ALL));

            assertThat(decoded.count()).isEqualTo(9);
            assertThat(meanDifference(drawn, decoded)).isLessThan(8);
        }
        assertThat(decode(
                                MadeVideos.made("gif", avcodec.AV_CODEC_ID_GIF, avutil.AV_PIX_FMT_RGB8, drawn, 10),
                                Sampling.of(10, ALL))
                        .count())
                .isEqualTo(9);
    }

    /** Of these there is no encoder here: resources/video/README.md tells how the files were made. */
    @ParameterizedTest
    @ValueSource(strings = {"hevc.mp4", "hevc-10bit.mov", "av1.mp4", "av1.webm"})
    void shouldReadCodecsThatAreOnlyDecodedHere(String file) throws Exception {
        Frames expected = movingBlock();

        Frames decoded = InputVideo.decode(Path.of("src/test/resources/video", file), Sampling.of(8, ALL));

        assertThat(decoded.count()).isEqualTo(9);
        assertThat(meanDifference(expected, decoded)).isLessThan(3);
    }

    private static Frames movingBlock() {
        byte[] rgb = new byte[9 * 48 * 64 * 3];
        for (int i = 0; i < rgb.length; i++) {
            int frame = i / (48 * 64 * 3);
            int y = i / (64 * 3) % 48;
            int x = i / 3 % 64 - 6 * frame;
            rgb[i] = (byte) (y >= 16 && y < 32 && x >= 0 && x < 16 ? 220 : 20);
        }
        return new Frames(9, 48, 64, rgb);
    }

    /** Frame i of the file has the grey level i, so that each can be told by one pixel. */
    @ParameterizedTest
    @CsvSource({
        "8,  8,  8, 01234567",
        "8,  4,  8, 0246",
        "24, 8,  8, 036",
        "4,  8,  4, 00112233",
        "8,  8,  3, 012",
        "8,  16, 8, 0011223344556677",
        "30, 8,  8, 047",
        "8,  1,  8, 0"
    })
    void shouldTakeTheFramesNearestInTime(int fps, int wanted, int count, String taken) throws Exception {
        Frames decoded = decode(greys(count, fps), Sampling.of(wanted, ALL));

        assertThat(levels(decoded)).isEqualTo(taken);
    }

    @Test
    void shouldDecodeNoMoreThanIsWanted() throws Exception {
        List<Integer> seen = new ArrayList<>();

        Frames decoded = decode(greys(8, 8), new Sampling(8, 3, frame -> frame, () -> seen.add(1)));

        assertThat(levels(decoded)).isEqualTo("012");
        assertThat(seen).hasSize(4);
    }

    @Test
    void shouldKeepWhatIsMadeOfEachFrame() throws Exception {
        Frames decoded = decode(
                greys(3, 8),
                new Sampling(8, ALL, frame -> new RgbImage(1, 2, Arrays.copyOf(frame.rgb(), 6)), () -> {}));

        assertThat(decoded.height()).isEqualTo(1);
        assertThat(decoded.width()).isEqualTo(2);
        assertThat(levels(decoded)).isEqualTo("012");
    }

    /** The corner that is red, by the display matrix in the file's track header. */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 1, 32, 16, 0, 0",
        "0, 1, -1, 0, 16, 32, 15, 0",
        "-1, 0, 0, -1, 32, 16, 31, 15",
        "0, -1, 1, 0, 16, 32, 0, 31",
        "-1, 0, 0, 1, 32, 16, 31, 0",
        "0, 1, 1, 0, 16, 32, 0, 0"
    })
    void shouldTurnFramesUpright(int a, int b, int c, int d, int width, int height, int x, int y) throws Exception {
        byte[] file = turned(MadeVideos.mp4(redCorner(), 8), a << 16, b << 16, c << 16, d << 16);

        Frames decoded = decode(file, Sampling.of(8, ALL));

        assertThat(decoded.width()).isEqualTo(width);
        assertThat(decoded.height()).isEqualTo(height);
        int at = 3 * (y * width + x);
        assertThat(decoded.rgb()[at] & 0xff).isGreaterThan(150);
        assertThat(decoded.rgb()[at + 2] & 0xff).isLessThan(100);
    }

    @Test
    void shouldSayThatThereIsNoFile() {
        assertThatThrownBy(() -> InputVideo.decode(directory.resolve("none.mp4"), Sampling.of(8, 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.mp4");
    }

    private Frames decode(byte[] file, Sampling sampling) throws Exception {
        return InputVideo.decode(Files.write(directory.resolve("video"), file), sampling);
    }

    /** The matrix follows 40 bytes of version, times, id, layer and volume. */
    static byte[] turned(byte[] mp4, int a, int b, int c, int d) {
        return MadeVideos.renumbered(mp4, "tkhd", 40, a, b, 0, c, d);
    }

    static byte[] greys(int count, int fps) {
        byte[] rgb = new byte[count * 3 * 32 * 32];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) grey(i / (3 * 32 * 32));
        }
        return MadeVideos.mp4(new Frames(count, 32, 32, rgb), fps);
    }

    private static int grey(int level) {
        return 20 + level * 200 / GREY_LEVELS;
    }

    private static String levels(Frames frames) {
        var levels = new StringBuilder();
        int size = 3 * frames.height() * frames.width();
        for (int i = 0; i < frames.count(); i++) {
            levels.append(Math.round(((frames.rgb()[i * size] & 0xff) - 20) * GREY_LEVELS / 200f));
        }
        return levels.toString();
    }

    private static Frames redCorner() {
        byte[] rgb = new byte[3 * 3 * 16 * 32];
        for (int i = 0; i < rgb.length; i += 3) {
            int pixel = i / 3 % (16 * 32);
            boolean corner = pixel % 32 < 8 && pixel / 32 < 8;
            rgb[i + (corner ? 0 : 2)] = (byte) 230;
        }
        return new Frames(3, 16, 32, rgb);
    }

    private static double meanDifference(Frames one, Frames other) {
        assertThat(other.rgb()).hasSameSizeAs(one.rgb());
        long sum = 0;
        for (int i = 0; i < one.rgb().length; i++) {
            sum += Math.abs((one.rgb()[i] & 0xff) - (other.rgb()[i] & 0xff));
        }
        return (double) sum / one.rgb().length;
    }
}
