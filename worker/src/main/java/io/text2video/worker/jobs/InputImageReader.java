package io.text2video.worker.jobs;

import io.text2video.common.job.InputReference;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.image.DecodedImage;
import io.text2video.image.InputImage;
import io.text2video.image.InvalidImageException;
import io.text2video.worker.pipeline.RgbImage;

/** The images that videos start from, in the object store. While it does not answer, the job waits for it. */
public final class InputImageReader {
    private static final String FIELD = "input_reference";

    private final VideoArchive archive;

    public InputImageReader(VideoArchive archive) {
        this.archive = archive;
    }

    /**
     * Fetches and decodes an image.
     *
     * @throws InvalidGenerationException when there is none, or it cannot be used
     * @throws StorageException when the store stays away
     * @throws AbandonedException when the attempt is not to go on
     */
    RgbImage fetch(Attempt attempt, InputReference reference) throws StorageException {
        String key = reference.key();
        // One byte more than may be, to see that there are more, and no further ones.
        byte[] file = archive.readImage(key, InputImage.MAX_BYTES + 1, attempt::pause)
                .orElseThrow(() -> refuse(key, "there is no such object in the fleet's bucket; store it there first"));
        if (file.length > InputImage.MAX_BYTES) {
            throw refuse(
                    key,
                    "it has more than the %d bytes (10 MB) that an image may have; shrink it, the video is smaller anyway"
                            .formatted(InputImage.MAX_BYTES));
        }
        try {
            DecodedImage image = InputImage.decode(file);
            return new RgbImage(image.height(), image.width(), image.rgb());
        } catch (InvalidImageException e) {
            throw refuse(key, e.getMessage());
        }
    }

    private static InvalidGenerationException refuse(String key, String reason) {
        return new InvalidGenerationException(FIELD, "%s names \"%s\": %s".formatted(FIELD, key, reason));
    }
}
