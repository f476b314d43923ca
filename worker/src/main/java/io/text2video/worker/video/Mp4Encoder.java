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
final class Mp4Encoder {
    private static final int RGB_CHANNELS = 3;
    private static final int BITS_PER_PIXEL = 2;
    private static final int LEAST_BITRATE = 2_000_000;

    static {
        // JavaCPP counts the whole process against the Java heap and would refuse to work beside a loaded model.
        System.setProperty("org.bytedeco.javacpp.maxbytes", "0");
        System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
        avutil.av_log_set_level(avutil.AV_LOG_FATAL);
    }

    private Mp4Encoder() {}

    /**
     * Writes {@code frames} to {@code file}.
     *
     * @throws IOException when the encoder refuses them or the file cannot be written
     */
    static void encode(Frames frames, int fps, Path file) throws IOException {
        try (var recorder = recorder(frames, fps, file)) {
            recorder.start();
            int frameBytes = RGB_CHANNELS * frames.height() * frames.width();
            ByteBuffer picture = ByteBuffer.allocateDirect(frameBytes);
            for (int i = 0; i < frames.count(); i++) {
                picture.clear().put(frames.rgb(), i * frameBytes, frameBytes).flip();
                recorder.recordImage(
                        frames.width(),
                        frames.height(),
                        Frame.DEPTH_UBYTE,
                        RGB_CHANNELS,
                        RGB_CHANNELS * frames.width(),
                        avutil.AV_PIX_FMT_RGB24,
                        picture);
            }
            recorder.stop();
        } catch (FFmpegFrameRecorder.Exception e) {
            throw new IOException(
                    "%d frames of %dx%d at %d fps cannot be encoded: %s"
                            .formatted(frames.count(), frames.width(), frames.height(), fps, e.getMessage()),
                    e);
        }
    }

    private static FFmpegFrameRecorder recorder(Frames frames, int fps, Path file) {
        var recorder = new FFmpegFrameRecorder(file.toFile(), frames.width(), frames.height());
        recorder.setFormat("mp4");
        recorder.setOption("movflags", "faststart");
        recorder.setVideoCodec(avcodec.AV_CODEC_ID_H264);
        recorder.setVideoCodecName("libopenh264");
        recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
        recorder.setFrameRate(fps);
        recorder.setGopSize(1);
        recorder.setVideoBitrate(Math.max(LEAST_BITRATE, BITS_PER_PIXEL * frames.width() * frames.height() * fps));
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
