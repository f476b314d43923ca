package io.text2video.worker.video;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.RgbImage;
import io.text2video.worker.video.InputVideo.Sampling;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are made to harm, or that are harmed: each ends typed, and none costs the process anything. */
class HostileVideosTest {
    private static final int SECOND = 1000;
    private static final int HUGE = 0x7fff_fff0;
    private static final long MAY_GROW = 64L << 20;

    @TempDir
    Path directory;

    @Test
    void shouldRefuseEachWithAReason() throws Exception {
        for (var hostile : refused().entrySet()) {
            Path file = Files.write(directory.resolve("video.mp4"), hostile.getValue());

            Throwable end = catchThrowable(() -> InputVideo.decode(file, Sampling.of(8, 49)));

            assertThat(end)
                    .as(hostile.getKey())
                    .isInstanceOf(InvalidVideoException.class)
                    .hasMessageMatching(".*(send|encode|cut|scale).*");
        }
    }

    @Test
    void shouldEndWithAResultOrAReasonWhateverByteIsHarmed() throws Exception {
        var random = new Random(7);
        byte[] mp4 = InputVideoTest.greys(8, 8);
        byte[] avi = MadeVideos.avi(BlobFrames.draw(8, 64, 64), 8);
        int ended = 0;
        for (int i = 0; i < 300; i++) {
            byte[] harmed = (i % 2 == 0 ? mp4 : avi).clone();
            for (int k = 0; k <= i % 5; k++) {
                // The header of an MP4 comes first, that of an AVI too.
                harmed[random.nextInt(i % 3 == 0 ? harmed.length : Math.min(1200, harmed.length))] =
                        (byte) random.nextInt();
            }
            Path file = Files.write(directory.resolve("video"), harmed);
            try {
                InputVideo.decode(file, Sampling.of(8, 49));
            } catch (InvalidVideoException refused) {
                assertThat(refused).hasMessageMatching(".*(send|encode|cut|scale).*");
            }
            ended++;
        }
        assertThat(ended).isEqualTo(300);
    }

    @Test
    void shouldTakeWhatPlayersTakeThoughTheHeaderIsAtFault() throws Exception {
        byte[] mp4 = InputVideoTest.greys(8, 8);
        byte[] avi = MadeVideos.avi(BlobFrames.draw(8, 64, 64), 8);
        for (byte[] bytes : new byte[][] {
            MadeVideos.renumbered(mp4, "trak", -8, HUGE),
            MadeVideos.renumbered(mp4, "mvhd", 12, 0, 0),
            MadeVideos.renumbered(avi, "avih", 4, 0),
            MadeVideos.renumbered(avi, "avih", 4, -1),
            MadeVideos.renumbered(avi, "strh", 24, 0, 0)
        }) {
            Path file = Files.write(directory.resolve("video"), bytes);

            assertThat(InputVideo.decode(file, Sampling.of(8, 49)).count()).isEqualTo(8);
        }
    }

    @Test
    void shouldKeepNoMemory() throws Exception {
        Map<String, byte[]> hostile = refused();
        decodeAll(hostile, 2);
        long before = Pointer.physicalBytes();

        decodeAll(hostile, 20);

        assertThat(Pointer.physicalBytes() - before).isLessThan(MAY_GROW);
    }

    @Test
    void shouldReadNothingButTheFile() throws Exception {
        // Given a server that counts, and playlists that name it and a video beside them
        var calls = new AtomicInteger();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", call -> {
            calls.incrementAndGet();
            call.sendResponseHeaders(404, -1);
        });
        server.start();
        Path beside = Files.write(directory.resolve("beside.mp4"), InputVideoTest.greys(8, 8));
        String url =
                "http://127.0.0.1:%d/video.mp4".formatted(server.getAddress().getPort());
        try {
            for (String text : new String[] {
                "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + url + "\n#EXT-X-ENDLIST\n",
                "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + beside + "\n#EXT-X-ENDLIST\n",
                "ffconcat version 1.0\nfile '" + beside + "'\n",
                "ffconcat version 1.0\nfile '" + url + "'\n",
                "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"isoff\"><BaseURL>" + url
                        + "</BaseURL></MPD>",
                "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"
            }) {
                for (String name : new String[] {"list.m3u8", "list.ffconcat", "list.mpd", "list.sdp", "list.mp4"}) {
                    Path file = Files.writeString(directory.resolve(name), text);

                    assertThatThrownBy(() -> InputVideo.decode(file, Sampling.of(8, 49)))
                            .as(name + ": " + text)
                            .isInstanceOf(InvalidVideoException.class)
                            .hasMessageContaining("no video that can be read");
                }
            }
        } finally {
            server.stop(0);
        }
        assertThat(calls).hasValue(0);
    }

    @Test
    void shouldRefuseTimestampsThatGoBack() throws Exception {
        var sampler = new FrameSampler(Sampling.of(8, 49));
        sampler.add(500_000, 0, () -> new RgbImage(1, 1, new byte[3]));

        assertThatThrownBy(() -> sampler.add(400_000, 0, () -> new RgbImage(1, 1, new byte[3])))
                .isInstanceOf(InvalidVideoException.class)
                .hasMessageContaining("timestamps go back");
    }

    @Test
    void shouldRefuseAFileThatIsTooLargeUnread() throws Exception {
        Path file = directory.resolve("large");
        try (var large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(InputVideo.MAX_BYTES + 1);
        }

        assertThatThrownBy(() -> InputVideo.decode(file, Sampling.of(8, 49)))
                .isInstanceOf(InvalidVideoException.class)
                .hasMessageContaining("67108865 bytes; at most 67108864 (64 MiB)");
    }

    @Test
    void shouldRefuseWhatTakesTooLong() throws Exception {
        Path file = Files.write(directory.resolve("video"), InputVideoTest.greys(8, 8));

        assertThatThrownBy(() -> InputVideo.decode(file, Sampling.of(8, 49), Duration.ZERO))
                .isInstanceOf(InvalidVideoException.class)
                .hasMessageContaining("takes more than 0.0 s");
    }

    private void decodeAll(Map<String, byte[]> files, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            for (byte[] bytes : files.values()) {
                Path file = Files.write(directory.resolve("video"), bytes);
                assertThatThrownBy(() -> InputVideo.decode(file, Sampling.of(8, 49)))
                        .isInstanceOf(InvalidVideoException.class);
            }
        }
    }

    private static Map<String, byte[]> refused() throws IOException {
        Frames blobs = BlobFrames.draw(8, 64, 64);
        byte[] mp4 = MadeVideos.mp4(blobs, 8);
        byte[] avi = MadeVideos.avi(blobs, 8);
        int data = MadeVideos.find(mp4, "mdat");
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("nothing", new byte[0]);
        files.put("one byte", new byte[] {0});
        files.put("zeros", new byte[100_000]);
        files.put("noise", noise());
        files.put("text", "a ball that moves to the right\n".repeat(100).getBytes(UTF_8));
        files.put("HTML", "<!doctype html><title>403</title><p>forbidden".getBytes(UTF_8));
        files.put("JSON", "{\"error\": {\"code\": \"not_found\"}}".getBytes(UTF_8));
        files.put("subtitles", "1\n00:00:00,000 --> 00:00:05,000\nhello\n".getBytes(UTF_8));
        files.put("ZIP", zip());
        files.put("PNG", image("png"));
        files.put("JPEG", image("jpg"));
        files.put("audio", MadeVideos.audio());
        files.put(
                "codec not taken",
                MadeVideos.made("avi", avcodec.AV_CODEC_ID_HUFFYUV, avutil.AV_PIX_FMT_YUV422P, blobs, 8));
        files.put(
                "format not taken",
                MadeVideos.made("mpegts", avcodec.AV_CODEC_ID_MPEG4, avutil.AV_PIX_FMT_YUV420P, blobs, 8));
        files.put("MP4 without pictures", Arrays.copyOf(mp4, data + 4));
        files.put("MP4 cut in its header", Arrays.copyOf(mp4, data / 2));
        files.put("MP4 cut in its pictures", Arrays.copyOf(mp4, data + (mp4.length - data) / 2));
        files.put("MP4 cut by one byte", Arrays.copyOf(mp4, mp4.length - 1));
        files.put("MP4 of a type only", Arrays.copyOf(mp4, 32));
        files.put("MP4 with pictures of zeros", zeroed(mp4, data + 4));
        files.put("MP4 with corrupt NAL units", corrupt(mp4, data + 4));
        files.put("10^6 frames", MadeVideos.renumbered(mp4, "stts", 8, 1_000_000));
        files.put("samples of one size, 10^9 of them", MadeVideos.renumbered(mp4, "stsz", 4, 1, 1_000_000_000));
        files.put("an index larger than the file", MadeVideos.renumbered(mp4, "stsz", 8, HUGE));
        files.put("chunks beyond the file", MadeVideos.renumbered(mp4, "stco", 8, HUGE));
        files.put("a box of no size", MadeVideos.renumbered(mp4, "mdia", -8, 1));
        files.put("a side of 65535", MadeVideos.changed(mp4, "stsd", 40, 255, 255, 255, 255));
        files.put("too many pixels", MadeVideos.changed(mp4, "stsd", 40, 16, 0, 16, 0));
        files.put("hours", MadeVideos.renumbered(mp4, "stts", 12, 1 << 28));
        files.put("timestamps that stand still", MadeVideos.renumbered(mp4, "stts", 12, 0));
        files.put("an edit list that shows nothing", MadeVideos.renumbered(mp4, "elst", 8, 0, HUGE));
        files.put("45 degrees", InputVideoTest.turned(mp4, 46341, 46341, -46341, 46341));
        files.put("no matrix", InputVideoTest.turned(mp4, 0, 0, 0, 1));
        files.put("AVI cut in its header", Arrays.copyOf(avi, 200));
        files.put("AVI with pictures of zeros", zeroed(avi, MadeVideos.find(avi, "movi") + 12));
        files.put("AVI at a negative rate", MadeVideos.renumbered(avi, "strh", 24, -1, 1));
        files.put("AVI of giant dimensions", MadeVideos.renumbered(avi, "strf", 8, 0x0000_ffff, 0x0000_ffff));
        return files;
    }

    private static byte[] zeroed(byte[] file, int from) {
        return MadeVideos.joined(Arrays.copyOf(file, from), new byte[file.length - from]);
    }

    private static byte[] corrupt(byte[] file, int from) {
        byte[] corrupt = file.clone();
        for (int at = from; at < file.length; at++) {
            corrupt[at] ^= 0x5a;
        }
        return corrupt;
    }

    private static byte[] noise() {
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        return noise;
    }

    private static byte[] zip() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("video.mp4"));
            zip.write(new byte[SECOND]);
        }
        return bytes.toByteArray();
    }

    private static byte[] image(String format) throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), format, bytes);
        return bytes.toByteArray();
    }
}
