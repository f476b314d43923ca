package io.text2video.worker.jobs;

import io.text2video.common.job.VideoReference;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.VideoStart;
import io.text2video.worker.video.InputVideo;
import io.text2video.worker.video.InputVideo.Sampling;
import io.text2video.worker.video.InvalidVideoException;
import io.text2video.worker.video.VideoFiles;
import java.io.IOException;

/** The videos that others are made from, in the object store. While it does not answer, the job waits for it. */
public final class InputVideoReader {
    static final String FIELD = "input_video";

    private final VideoArchive archive;

    public InputVideoReader(VideoArchive archive) {
        this.archive = archive;
    }

    /**
     * Fetches and decodes the video that the attempt's request names. Its file is removed before this returns.
     *
     * @throws InvalidGenerationException when there is no such video, or it cannot be used
     * @throws StorageException when the store stays away
     * @throws AbandonedException when the attempt is not to go on
     * @throws io.text2video.worker.video.DiskFullException when there is no room for the file
     * @throws IOException when the file cannot be kept, read or removed
     */
    Frames fetch(Attempt attempt, VideoStart start) throws IOException {
        String key = attempt.request().inputVideo().key();
        try (VideoFiles files = VideoFiles.make()) {
            long bytes = archive.fetchVideo(attempt, key, VideoReference.MAX_BYTES, files)
                    .orElseThrow(
                            () -> refuse(key, "there is no such object in the fleet's bucket; store it there first"));
            if (bytes > VideoReference.MAX_BYTES) {
                throw refuse(
                        key,
                        "it has %d bytes, but a video may have %d (64 MiB); cut it or encode it smaller"
                                .formatted(bytes, VideoReference.MAX_BYTES));
            }
            return InputVideo.decode(files.input(), Sampling.of(start, attempt::checkpoint));
        } catch (InvalidVideoException e) {
            throw refuse(key, e.getMessage());
        }
    }

    private static InvalidGenerationException refuse(String key, String reason) {
        return new InvalidGenerationException(FIELD, "%s names \"%s\": %s".formatted(FIELD, key, reason));
    }
}
