package io.text2video.worker.video;

import io.text2video.worker.pipeline.Frames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;

/**
 * H.264 in MP4 that every browser plays: yuv420p by openh264 (ffmpeg's LGPL build), the index before the pictures.
 *
 * <p>Colours are BT.709 in limited range, and all of the file's tags say so: its primaries are those of the pixels that it is made
 * from. Every frame is a key frame: openh264 looks at brightness alone when it skips a block of a
 * predicted frame, which smears colours on small pictures, and clips of a few seconds can afford it.
 */
final class Mp4Encoder implements AutoCloseable {
    private static final int BITS_PER_PIXEL = 2;
    private static final int LEAST_BITRATE = 2_000_000;

    static {
        Ffmpeg.configure();
    }

    private final FFmpegFrameRecorder recorder;
    private final int height;
    private final int width;
    private final int fps;
    /** Null before the encoder has taken the size. */
    private YuvPicture picture;

    private int frames;

    private Mp4Encoder(FFmpegFrameRecorder recorder, int height, int width, int fps) {
        this.recorder = recorder;
        this.height = height;
        this.width = width;
        this.fps = fps;
    }

    /**
     * Begins a video.
     *
     * @param comment for the file's tag of that name
     * @throws IOException when the encoder refuses that size or rate, or the file cannot be written
     */
    @SuppressWarnings("resource") // what is opened here is the caller's
    static Mp4Encoder open(Path file, int height, int width, int fps, Optional<String> comment) throws IOException {
        FFmpegFrameRecorder recorder = recorder(height, width, fps, file);
        comment.ifPresent(text -> recorder.setMetadata("comment", text));
        var encoder = new Mp4Encoder(recorder, height, width, fps);
        try {
            encoder.recorder.start();
            encoder.picture = new YuvPicture(height, width);
            return encoder;
        } catch (FFmpegFrameRecorder.Exception e) {
            encoder.close();
            throw encoder.refused(e);
        }
    }

    /**
     * Adds frames, all of the video's size.
     *
     * @throws IOException when they cannot be encoded or written
     */
    void add(Frames chunk) throws IOException {
        try {
            for (int i = 0; i < chunk.count(); i++) {
                recorder.recordImage(
                        width, height, Frame.DEPTH_UBYTE, 1, width, avutil.AV_PIX_FMT_YUV420P, picture.of(chunk, i));
                frames++;
            }
        } catch (FFmpegFrameRecorder.Exception e) {
            throw refused(e);
        }
    }

    /**
     * Writes what the encoder still holds, and the index.
     *
     * @throws IOException when they cannot be written
     */
    void finish() throws IOException {
        try {
            recorder.stop();
        } catch (FFmpegFrameRecorder.Exception e) {
            throw refused(e);
        } finally {
            close();
        }
    }

    int frames() {
        return frames;
    }

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    @Override
    public void close() throws IOException {
        recorder.close();
        if (picture != null) {
            picture.close();
        }
    }

    private IOException refused(FFmpegFrameRecorder.Exception cause) {
        return new IOException(
                "frame %d of %dx%d at %d fps cannot be encoded: %s"
                        .formatted(frames, width, height, fps, cause.getMessage()),
                cause);
    }

    private static FFmpegFrameRecorder recorder(int height, int width, int fps, Path file) {
        var recorder = new FFmpegFrameRecorder(file.toFile(), width, height);
        recorder.setCharset(StandardCharsets.UTF_8);
        recorder.setFormat("mp4");
        recorder.setOption("movflags", "faststart");
        recorder.setVideoCodec(avcodec.AV_CODEC_ID_H264);
        recorder.setVideoCodecName("libopenh264");
        recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
        recorder.setFrameRate(fps);
        recorder.setGopSize(1);
        recorder.setVideoBitrate(Math.max(LEAST_BITRATE, BITS_PER_PIXEL * width * height * fps));
        recorder.setVideoOption("rc_mode", "quality");
        recorder.setVideoOption("qmin", "4");
        recorder.setVideoOption("qmax", "24");
        recorder.setVideoOption("colorspace", "bt709");
        recorder.setVideoOption("color_primaries", "bt709");
        recorder.setVideoOption("color_trc", "bt709");
        recorder.setVideoOption("color_range", "tv");
        return recorder;
    }
}
