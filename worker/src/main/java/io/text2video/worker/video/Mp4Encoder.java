package io.text2video.worker.video;

import io.text2video.worker.pipeline.Frames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;

/**
 * H.264 in MP4 that every browser plays: yuv420p by openh264 (ffmpeg's LGPL build), the index before the pictures.
 *
 * <p>Colours are BT.601 in limited range and say so: players that read the tags show them right, and so do the many
 * that assume BT.601. Every frame is a key frame: openh264 looks at brightness alone when it skips a block of a
 * predicted frame, which smears colours on small pictures, and clips of a few seconds can afford it.
 */
final class Mp4Encoder implements AutoCloseable {
    private static final int RGB_CHANNELS = 3;
    private static final int BITS_PER_PIXEL = 2;
    private static final int LEAST_BITRATE = 2_000_000;

    static {
        Ffmpeg.configure();
    }

    private final FFmpegFrameRecorder recorder;
    private final int height;
    private final int width;
    private final int fps;
    private final ByteBuffer picture;
    private int frames;

    private Mp4Encoder(FFmpegFrameRecorder recorder, int height, int width, int fps) {
        this.recorder = recorder;
        this.height = height;
        this.width = width;
        this.fps = fps;
        picture = ByteBuffer.allocateDirect(RGB_CHANNELS * height * width);
    }

    /**
     * Begins a video.
     *
     * @throws IOException when the encoder refuses that size or rate, or the file cannot be written
     */
    @SuppressWarnings("resource") // what is opened here is the caller's
    static Mp4Encoder open(Path file, int height, int width, int fps) throws IOException {
        var encoder = new Mp4Encoder(recorder(height, width, fps, file), height, width, fps);
        try {
            encoder.recorder.start();
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
        int frameBytes = picture.capacity();
        try {
            for (int i = 0; i < chunk.count(); i++) {
                picture.clear().put(chunk.rgb(), i * frameBytes, frameBytes).flip();
                recorder.recordImage(
                        width,
                        height,
                        Frame.DEPTH_UBYTE,
                        RGB_CHANNELS,
                        RGB_CHANNELS * width,
                        avutil.AV_PIX_FMT_RGB24,
                        picture);
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
    }

    private IOException refused(FFmpegFrameRecorder.Exception cause) {
        return new IOException(
                "frame %d of %dx%d at %d fps cannot be encoded: %s"
                        .formatted(frames, width, height, fps, cause.getMessage()),
                cause);
    }

    private static FFmpegFrameRecorder recorder(int height, int width, int fps, Path file) {
        var recorder = new FFmpegFrameRecorder(file.toFile(), width, height);
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
        recorder.setVideoOption("colorspace", "smpte170m");
        recorder.setVideoOption("color_primaries", "bt709");
        recorder.setVideoOption("color_trc", "bt709");
        recorder.setVideoOption("color_range", "tv");
        recorder.setImageScalingFlags(swscale.SWS_BICUBIC | swscale.SWS_ACCURATE_RND | swscale.SWS_FULL_CHR_H_INP);
        return recorder;
    }
}
