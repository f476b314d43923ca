package io.text2video.standalone.cli;

import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.VideoStart;
import io.text2video.worker.video.InputVideo;
import io.text2video.worker.video.InputVideo.Sampling;
import io.text2video.worker.video.InvalidVideoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A video on the user's disk that another one starts from. */
final class VideoOnDisk {
    private VideoOnDisk() {}

    /**
     * Checks its size.
     *
     * @param mebibytes that a fleet takes
     * @throws IOException when it is larger, saying what else can be done
     */
    static void requireSendable(Path file, int mebibytes) throws IOException {
        long most = (long) mebibytes << 20;
        if (Files.isRegularFile(file) && Files.size(file) > most) {
            throw new IOException(
                    "%s has %d bytes; a fleet is sent at most %d (%d MiB): cut it, draw with --direct, which takes 64 MiB,"
                                    .formatted(file, Files.size(file), most, mebibytes)
                            + " or put it into the fleet's bucket and name its key over the API");
        }
    }

    /**
     * Looks at its header and its first frame.
     *
     * @throws IOException naming a file that is not there or is no video
     */
    static void requireReadable(Path file) throws IOException {
        decode(file, Sampling.of(1, 1));
    }

    /** What is drawn of its frames. */
    static VideoStart.Drawn start(Path file, VideoStart start) throws IOException {
        return start.of(decode(file, Sampling.of(start, () -> {})));
    }

    private static Frames decode(Path file, Sampling sampling) throws IOException {
        try {
            return InputVideo.decode(file, sampling);
        } catch (InvalidVideoException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
