package io.text2video.gateway.storage;

import io.text2video.common.job.InputReference;
import io.text2video.common.job.JobId;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.image.ImageHeader;
import io.text2video.image.InputImage;
import io.text2video.image.InvalidImageException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The images that videos start from, in the object store. */
@ApplicationScoped
public class InputImages {
    private static final Logger LOG = Logger.getLogger(InputImages.class);

    private final ObjectStore objects;

    InputImages(VideoStore store) {
        objects = store.objects();
    }

    /** Stores a job's image, if it is one by its header. */
    public InputReference store(JobId id, byte[] file) throws InvalidImageException, IOException {
        ImageHeader header = InputImage.inspect(file);
        String key = ObjectKeys.input(
                id,
                switch (header.format()) {
                    case PNG -> "png";
                    case JPEG -> "jpg";
                    case WEBP -> "webp";
                });
        objects.putIfAbsent(key, file, header.format().mediaType());
        return new InputReference(key);
    }

    /**
     * Looks at the header of an image that is there.
     *
     * @return nothing when there is no such object
     */
    public Optional<ImageHeader> inspect(InputReference reference) throws InvalidImageException, IOException {
        Optional<Long> size = objects.size(reference.key());
        if (size.isEmpty()) {
            return Optional.empty();
        }
        // One byte more than may be is enough to see that there are too many.
        long read = Math.min(size.get(), InputImage.MAX_BYTES + 1L);
        if (read == 0) {
            return Optional.of(InputImage.inspect(new byte[0]));
        }
        try (var in = objects.open(reference.key(), 0, read)) {
            return Optional.of(InputImage.inspect(in.readAllBytes()));
        }
    }

    /**
     * Makes an image that is there a job's: what another job would take with it when it is deleted is stored once more.
     *
     * @return what the job is to start from; nothing when there is no such object
     */
    public Optional<InputReference> keep(JobId id, InputReference reference) throws InvalidImageException, IOException {
        if (inspect(reference).isEmpty()) {
            return Optional.empty();
        }
        if (!ObjectKeys.isInput(reference.key())) {
            return Optional.of(reference);
        }
        Optional<byte[]> file = objects.read(reference.key());
        return file.isEmpty() ? Optional.empty() : Optional.of(store(id, file.get()));
    }

    /** Removes what no job starts from after all, an image or a video; what cannot be removed stays. */
    public void remove(String key) {
        try {
            objects.remove(key);
        } catch (IOException e) {
            LOG.warnf("input left over key=%s reason=%s", key, e.getMessage());
        }
    }
}
