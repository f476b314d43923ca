package io.text2video.worker.video;

import io.text2video.worker.pipeline.Frames;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;

/**
 * Turns frames of RGB into what a video encoder takes: planes of brightness and of half as many rows and columns of colour, by
 * BT.709 in limited range. Owns native memory until it is closed. For one thread.
 */
final class YuvPicture implements AutoCloseable {
    private static final int FLAGS = swscale.SWS_BICUBIC | swscale.SWS_ACCURATE_RND | swscale.SWS_FULL_CHR_H_INP;

    private final SwsContext scaler = swscale.sws_alloc_context();
    private final AVFrame rgb = frame(avutil.AV_PIX_FMT_RGB24, avutil.AVCOL_SPC_RGB, avutil.AVCOL_RANGE_JPEG);
    private final AVFrame yuv = frame(avutil.AV_PIX_FMT_YUV420P, avutil.AVCOL_SPC_BT709, avutil.AVCOL_RANGE_MPEG);
    private final ByteBuffer planes;

    /**
     * For frames of one size.
     *
     * @throws IOException when there can be none of that size
     */
    YuvPicture(int height, int width) throws IOException {
        scaler.flags(FLAGS);
        scaler.threads(1);
        try {
            for (AVFrame frame : new AVFrame[] {rgb, yuv}) {
                frame.height(height);
                frame.width(width);
                require(avutil.av_frame_get_buffer(frame, 0));
            }
            planes = ByteBuffer.allocateDirect(
                    require(avutil.av_image_get_buffer_size(avutil.AV_PIX_FMT_YUV420P, width, height, 1)));
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /**
     * One frame's planes, one after the other, without a gap. What the last call gave is gone.
     *
     * @throws IOException when it cannot be turned
     */
    ByteBuffer of(Frames frames, int index) throws IOException {
        int row = 3 * rgb.width();
        int start = index * row * rgb.height();
        for (int y = 0; y < rgb.height(); y++) {
            rgb.data(0).position((long) y * rgb.linesize(0)).put(frames.rgb(), start + y * row, row);
        }
        rgb.data(0).position(0);
        require(avutil.av_frame_make_writable(yuv));
        require(swscale.sws_scale_frame(scaler, yuv, rgb));
        planes.clear();
        try (var target = new BytePointer(planes)) {
            require(avutil.av_image_copy_to_buffer(
                    target,
                    planes.capacity(),
                    yuv.data(),
                    yuv.linesize(),
                    avutil.AV_PIX_FMT_YUV420P,
                    yuv.width(),
                    yuv.height(),
                    1));
        }
        return planes;
    }

    @Override
    public void close() {
        avutil.av_frame_free(rgb);
        avutil.av_frame_free(yuv);
        swscale.sws_free_context(scaler);
    }

    private static AVFrame frame(int format, int colours, int range) {
        AVFrame frame = avutil.av_frame_alloc();
        frame.format(format);
        frame.colorspace(colours);
        frame.color_primaries(avutil.AVCOL_PRI_BT709);
        frame.color_trc(avutil.AVCOL_TRC_BT709);
        frame.color_range(range);
        return frame;
    }

    private static int require(int result) throws IOException {
        if (result < 0) {
            throw new IOException(Ffmpeg.reason(result));
        }
        return result;
    }
}
