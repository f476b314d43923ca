package io.text2video.standalone.cli;

import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.video.InputVideo;
import io.text2video.worker.video.InvalidVideoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether two files hold the same video. */
final class SameVideo {
    private SameVideo() {}

    /**
     * In words.
     *
     * @param fps of both
     * @throws IOException when one of them cannot be read
     */
    static String compare(Path one, Path other, int fps) throws IOException {
        if (Files.mismatch(one, other) < 0) {
            return "the same as %s, byte for byte".formatted(one);
        }
        Frames before = decode(one, fps);
        Frames after = decode(other, fps);
        if (before.height() != after.height() || before.width() != after.width() || before.count() != after.count()) {
            return "another video than %s: %s there, %s here".formatted(one, size(before), size(after));
        }
        int frame = before.rgb().length / before.count();
        int differing = 0;
        int largest = 0;
        for (int i = 0; i < before.count(); i++) {
            int most = 0;
            for (int at = i * frame; at < (i + 1) * frame; at++) {
                most = Math.max(most, Math.abs((before.rgb()[at] & 0xff) - (after.rgb()[at] & 0xff)));
            }
            differing += most > 0 ? 1 : 0;
            largest = Math.max(largest, most);
        }
        return differing == 0
                ? "the same frames as %s; the files differ around them".formatted(one)
                : "%d of %d frames differ from those of %s, by %d of 255 at most"
                        .formatted(differing, before.count(), one, largest);
    }

    private static Frames decode(Path file, int fps) throws IOException {
        try {
            return InputVideo.decode(file, InputVideo.Sampling.of(fps, InputVideo.MAX_FRAMES));
        } catch (InvalidVideoException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static String size(Frames frames) {
        return "%d frames of %dx%d".formatted(frames.count(), frames.width(), frames.height());
    }
}
