package io.text2video.worker.video;

import io.text2video.worker.pipeline.Frames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;

/** Small video files of several kinds. */
public final class MadeVideos {
    static final int RATE = 8000;

    private MadeVideos() {}

    /** H.264 in MP4, as a worker makes them. */
    public static byte[] mp4(Frames frames, int fps) {
        try (var encoder = new VideoEncoder(fps)) {
            encoder.accept(new Frames(
                    frames.count(),
                    frames.height(),
                    frames.width(),
                    frames.rgb().clone()));
            try (EncodedVideo video = encoder.finish()) {
                return Files.readAllBytes(video.mp4());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Any format and codec that FFmpeg writes. */
    static byte[] made(String format, int codec, int pixels, Frames frames, double fps) throws IOException {
        Ffmpeg.configure();
        Path file = Files.createTempFile("made", "." + format);
        try (var recorder = new FFmpegFrameRecorder(file.toFile(), frames.width(), frames.height())) {
            recorder.setFormat(format);
            recorder.setVideoCodec(codec);
            recorder.setPixelFormat(pixels);
            recorder.setFrameRate(fps);
            recorder.setVideoBitrate(4_000_000);
            recorder.start();
            int bytes = 3 * frames.height() * frames.width();
            var picture = ByteBuffer.allocateDirect(bytes);
            for (int i = 0; i < frames.count(); i++) {
                picture.clear().put(frames.rgb(), i * bytes, bytes).flip();
                recorder.recordImage(
                        frames.width(),
                        frames.height(),
                        Frame.DEPTH_UBYTE,
                        3,
                        3 * frames.width(),
                        avutil.AV_PIX_FMT_RGB24,
                        picture);
            }
            recorder.stop();
            return Files.readAllBytes(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    static byte[] avi(Frames frames, double fps) throws IOException {
        return made("avi", avcodec.AV_CODEC_ID_MPEG4, avutil.AV_PIX_FMT_YUV420P, frames, fps);
    }

    /** An MP4 that is heard, and not seen. */
    static byte[] audio() throws IOException {
        Ffmpeg.configure();
        Path file = Files.createTempFile("made", ".mp4");
        try (var recorder = new FFmpegFrameRecorder(file.toFile(), 1)) {
            recorder.setFormat("mp4");
            recorder.setAudioCodec(avcodec.AV_CODEC_ID_AAC);
            recorder.setSampleRate(RATE);
            recorder.start();
            recorder.recordSamples(RATE, 1, ShortBuffer.allocate(RATE));
            recorder.stop();
            return Files.readAllBytes(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /**
     * A file with a box of an MP4 changed.
     *
     * @param box its four letters
     * @param offset of the first byte that changes, after the letters
     */
    public static byte[] changed(byte[] mp4, String box, int offset, int... bytes) {
        byte[] changed = mp4.clone();
        int at = find(mp4, box) + 4 + offset;
        for (int i = 0; i < bytes.length; i++) {
            changed[at + i] = (byte) bytes[i];
        }
        return changed;
    }

    /** As {@link #changed}, by numbers of 32 bits. */
    static byte[] renumbered(byte[] mp4, String box, int offset, int... numbers) {
        var changed = ByteBuffer.wrap(mp4.clone());
        int at = find(mp4, box) + 4 + offset;
        for (int i = 0; i < numbers.length; i++) {
            changed.putInt(at + Integer.BYTES * i, numbers[i]);
        }
        return changed.array();
    }

    /** Where the letters are, for the first time. */
    static int find(byte[] file, String letters) {
        for (int at = 0; at <= file.length - letters.length(); at++) {
            int i = 0;
            while (i < letters.length() && file[at + i] == letters.charAt(i)) {
                i++;
            }
            if (i == letters.length()) {
                return at;
            }
        }
        throw new IllegalArgumentException("no " + letters);
    }

    static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
