package io.text2video.worker.video;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.bytedeco.ffmpeg.global.avutil;

/** How FFmpeg is used in this process. */
final class Ffmpeg {
    /** Bytes of its largest single piece of memory. A file that tells of a huge index gets none. */
    private static final long LARGEST_ALLOCATION = 256L << 20;

    static {
        // JavaCPP counts the whole process against the Java heap and would refuse to work beside a loaded model.
        System.setProperty("org.bytedeco.javacpp.maxbytes", "0");
        System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
        avutil.av_log_set_level(avutil.AV_LOG_FATAL);
        avutil.av_max_alloc(LARGEST_ALLOCATION);
    }

    private Ffmpeg() {}

    /** To be called before FFmpeg is. */
    static void configure() {
        // The class is set up.
    }

    /** What a negative result means, in FFmpeg's words. */
    static String reason(int error) {
        byte[] text = new byte[avutil.AV_ERROR_MAX_STRING_SIZE];
        avutil.av_strerror(error, text, text.length);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, UTF_8);
    }
}
