package io.text2video.worker.video;

import io.text2video.worker.pipeline.RgbImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * The frames of a file's video track, one after the other. For one thread.
 *
 * <p>FFmpeg is held to a few formats, codecs and sizes, to the one file, and to a time. It does not look ahead into the
 * file: what the header does not say, the frames do.
 */
final class VideoStream implements AutoCloseable {
    static {
        Ffmpeg.configure();
    }

    private static final String FORMATS = "mov,matroska,avi,gif";
    private static final Map<Integer, String> CODECS = Map.of(
            avcodec.AV_CODEC_ID_H264, "h264",
            avcodec.AV_CODEC_ID_HEVC, "hevc",
            avcodec.AV_CODEC_ID_VP8, "vp8",
            avcodec.AV_CODEC_ID_VP9, "vp9",
            avcodec.AV_CODEC_ID_AV1, "av1",
            avcodec.AV_CODEC_ID_MPEG4, "mpeg4",
            avcodec.AV_CODEC_ID_GIF, "gif");
    private static final String MAX_STREAMS = "32";
    private static final int COLOURS = swscale.SWS_BICUBIC | swscale.SWS_ACCURATE_RND | swscale.SWS_FULL_CHR_H_INP;

    /** When the calling thread's work on a file is to end, of {@link System#nanoTime}. */
    private static final ThreadLocal<Long> ENDS = new ThreadLocal<>();

    private static final AVIOInterruptCB.Callback_Pointer IS_LATE = new AVIOInterruptCB.Callback_Pointer() {
        @Override
        public int call(Pointer unused) {
            Long ends = ENDS.get();
            return ends != null && System.nanoTime() - ends > 0 ? 1 : 0;
        }
    };

    private final Duration deadline;
    private AVFormatContext file;
    private AVCodecContext decoder;
    private AVStream track;
    private DisplayMatrix turn = DisplayMatrix.UPRIGHT;
    private final AVPacket packet = avcodec.av_packet_alloc();
    private final AVFrame frame = avutil.av_frame_alloc();
    private final AVFrame rgb = avutil.av_frame_alloc();
    private final SwsContext colours = swscale.sws_alloc_context();
    private int packets;
    private int frames;
    private boolean ended;

    private VideoStream(Duration deadline) {
        this.deadline = deadline;
        ENDS.set(System.nanoTime() + deadline.toNanos());
        colours.flags(COLOURS);
        colours.threads(1);
    }

    /**
     * Reads a file's header, and checks all that it says.
     *
     * @throws InvalidVideoException when the file is none that can be decoded
     */
    static VideoStream open(Path path, Duration deadline) throws InvalidVideoException, IOException {
        var stream = new VideoStream(deadline);
        try {
            stream.openFile(path);
            stream.openTrack();
            return stream;
        } catch (InvalidVideoException | RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    /**
     * The file's tag {@code comment}, as the header has it.
     *
     * @throws InvalidVideoException when the file is none that can be read
     */
    static Optional<String> comment(Path path, Duration deadline) throws InvalidVideoException {
        try (var stream = new VideoStream(deadline)) {
            stream.openFile(path);
            AVDictionaryEntry tag = avutil.av_dict_get(stream.file.metadata(), "comment", null, 0);
            return tag == null || tag.isNull()
                    ? Optional.empty()
                    : Optional.of(tag.value().getString(StandardCharsets.UTF_8));
        }
    }

    private void openFile(Path path) throws InvalidVideoException {
        file = avformat.avformat_alloc_context();
        try (var interrupt = new AVIOInterruptCB()) {
            file.interrupt_callback(interrupt.callback(IS_LATE));
        }
        var options = new AVDictionary(null);
        try {
            avutil.av_dict_set(options, "protocol_whitelist", "file", 0);
            avutil.av_dict_set(options, "format_whitelist", FORMATS, 0);
            avutil.av_dict_set(options, "max_streams", MAX_STREAMS, 0);
            int opened = avformat.avformat_open_input(file, "file:" + path.toAbsolutePath(), null, options);
            requireTime();
            if (opened < 0) {
                throw new InvalidVideoException(
                        "it is no video that can be read, or an incomplete one (%s); send an MP4, MOV, WebM, Matroska, AVI or GIF file"
                                .formatted(Ffmpeg.reason(opened)));
            }
        } finally {
            avutil.av_dict_free(options);
        }
    }

    private void openTrack() throws InvalidVideoException {
        int index = avformat.av_find_best_stream(file, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
        if (index < 0 || isCover(file.streams(index))) {
            throw new InvalidVideoException("the file has no video track; send one with pictures that move");
        }
        track = file.streams(index);
        for (int i = 0; i < file.nb_streams(); i++) {
            file.streams(i).discard(i == index ? avcodec.AVDISCARD_DEFAULT : avcodec.AVDISCARD_ALL);
        }
        AVCodecParameters codec = track.codecpar();
        AVCodec found = CODECS.containsKey(codec.codec_id()) ? avcodec.avcodec_find_decoder(codec.codec_id()) : null;
        if (found == null) {
            throw new InvalidVideoException("the video is encoded as %s; these are taken: %s"
                    .formatted(
                            avcodec.avcodec_get_name(codec.codec_id()).getString(),
                            List.copyOf(CODECS.values()).stream().sorted().toList()));
        }
        requireTimeBase();
        requireSize(codec.width(), codec.height());
        requireFew(Math.max(track.nb_frames(), entries()));
        requireShort();
        turn = turn(codec);
        decoder = avcodec.avcodec_alloc_context3(found);
        require(avcodec.avcodec_parameters_to_context(decoder, codec));
        decoder.pkt_timebase(track.time_base());
        decoder.thread_count(1);
        decoder.max_pixels(InputVideo.MAX_PIXELS);
        require(avcodec.avcodec_open2(decoder, found, (AVDictionary) null));
    }

    /**
     * Goes on to the next frame.
     *
     * @return false after the last one
     * @throws InvalidVideoException when it is damaged, there are too many, or it takes too long
     */
    boolean next() throws InvalidVideoException {
        while (true) {
            requireTime();
            int received = avcodec.avcodec_receive_frame(decoder, frame);
            if (received == avutil.AVERROR_EOF()) {
                return false;
            }
            if (received != avutil.AVERROR_EAGAIN()) {
                require(received);
                frames++;
                requireFew(frames);
                requireSize(frame.width(), frame.height());
                if ((frame.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags() != 0) {
                    throw damaged("its pixels are not whole");
                }
                return true;
            }
            send();
        }
    }

    /** When the frame is shown. */
    long microseconds() throws InvalidVideoException {
        long time = frame.best_effort_timestamp();
        if (time == avutil.AV_NOPTS_VALUE) {
            throw damaged("it has no timestamp");
        }
        return inMicroseconds(time);
    }

    /** How long the frame is shown; 0 when that is not said. */
    long durationMicroseconds() {
        return Math.max(0, inMicroseconds(frame.duration()));
    }

    /** The frame's pixels, upright. */
    RgbImage image() throws InvalidVideoException {
        avutil.av_frame_unref(rgb);
        rgb.format(avutil.AV_PIX_FMT_RGB24);
        rgb.width(frame.width());
        rgb.height(frame.height());
        require(avutil.av_frame_get_buffer(rgb, 0));
        require(swscale.sws_scale_frame(colours, rgb, frame));
        int row = 3 * rgb.width();
        byte[] pixels = new byte[row * rgb.height()];
        for (int y = 0; y < rgb.height(); y++) {
            rgb.data(0).position((long) y * rgb.linesize(0)).get(pixels, y * row, row);
        }
        return turn.apply(new RgbImage(rgb.height(), rgb.width(), pixels));
    }

    @Override
    public void close() {
        ENDS.remove();
        avutil.av_frame_free(frame);
        avutil.av_frame_free(rgb);
        avcodec.av_packet_free(packet);
        swscale.sws_free_context(colours);
        if (decoder != null) {
            avcodec.avcodec_free_context(decoder);
        }
        if (file != null && !file.isNull()) {
            avformat.avformat_close_input(file);
        }
    }

    private void send() throws InvalidVideoException {
        if (ended) {
            throw damaged("the decoder waits for more");
        }
        int read = avformat.av_read_frame(file, packet);
        try {
            if (read == avutil.AVERROR_EOF()) {
                ended = true;
                if (packets < entries() && isMov()) {
                    throw damaged("the file ends after %d of %d frames".formatted(packets, entries()));
                }
                require(avcodec.avcodec_send_packet(decoder, null));
                return;
            }
            require(read);
            if (packet.stream_index() != track.index()) {
                return;
            }
            packets++;
            if ((packet.flags() & avcodec.AV_PKT_FLAG_CORRUPT) != 0) {
                throw damaged("the file is not whole");
            }
            require(avcodec.avcodec_send_packet(decoder, packet));
        } finally {
            avcodec.av_packet_unref(packet);
        }
    }

    private static boolean isCover(AVStream stream) {
        return (stream.disposition() & avformat.AV_DISPOSITION_ATTACHED_PIC) != 0;
    }

    private boolean isMov() {
        return file.iformat().name().getString().startsWith("mov");
    }

    private int entries() {
        return avformat.avformat_index_get_entries_count(track);
    }

    private static DisplayMatrix turn(AVCodecParameters codec) throws InvalidVideoException {
        AVPacketSideData data = avcodec.av_packet_side_data_get(
                codec.coded_side_data(), codec.nb_coded_side_data(), avcodec.AV_PKT_DATA_DISPLAYMATRIX);
        int[] matrix = new int[9];
        if (data == null || data.isNull() || data.size() < (long) Integer.BYTES * matrix.length) {
            return DisplayMatrix.UPRIGHT;
        }
        new IntPointer(data.data()).get(matrix);
        return DisplayMatrix.of(matrix);
    }

    private long inMicroseconds(long time) {
        try (AVRational micro = new AVRational().num(1).den(1_000_000)) {
            return avutil.av_rescale_q(time, track.time_base(), micro);
        }
    }

    private void requireTimeBase() throws InvalidVideoException {
        AVRational base = track.time_base();
        if (base.num() <= 0 || base.den() <= 0) {
            throw new InvalidVideoException(
                    "the video's clock goes by %d/%d s; encode it once more".formatted(base.num(), base.den()));
        }
    }

    private static void requireSize(int width, int height) throws InvalidVideoException {
        // Some files leave it to the frames.
        boolean large = width > InputVideo.MAX_SIDE
                || height > InputVideo.MAX_SIDE
                || (long) width * height > InputVideo.MAX_PIXELS;
        if (width < 0 || height < 0 || large) {
            throw new InvalidVideoException(
                    "the video is %dx%d; each side may have %d pixels, a frame %d: scale it down"
                            .formatted(width, height, InputVideo.MAX_SIDE, InputVideo.MAX_PIXELS));
        }
    }

    private static void requireFew(long frames) throws InvalidVideoException {
        if (frames > InputVideo.MAX_FRAMES) {
            throw new InvalidVideoException("the video has %d frames or more; at most %d are taken: cut it"
                    .formatted(frames, InputVideo.MAX_FRAMES));
        }
    }

    private void requireShort() throws InvalidVideoException {
        long seconds = Math.max(
                track.duration() > 0 ? inMicroseconds(track.duration()) / 1_000_000 : 0,
                file.duration() > 0 && file.nb_streams() == 1 ? file.duration() / avutil.AV_TIME_BASE : 0);
        if (seconds > InputVideo.MAX_SECONDS) {
            throw new InvalidVideoException(
                    "the video lasts %d s; at most %d are taken: cut it".formatted(seconds, InputVideo.MAX_SECONDS));
        }
    }

    private void requireTime() throws InvalidVideoException {
        if (System.nanoTime() - Objects.requireNonNull(ENDS.get()) > 0) {
            throw new InvalidVideoException("the video takes more than %s s to decode; send a shorter or smaller one"
                    .formatted(deadline.toMillis() / 1000.0));
        }
    }

    private void require(int result) throws InvalidVideoException {
        if (result < 0) {
            requireTime();
            throw damaged(Ffmpeg.reason(result));
        }
    }

    private InvalidVideoException damaged(String reason) {
        return new InvalidVideoException(
                "the video is damaged or incomplete at frame %d (%s); encode it once more".formatted(frames, reason));
    }
}
