package io.text2video.gateway.storage;

import io.text2video.common.storage.ObjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;

/** The videos that others are made from, in the object store. */
@ApplicationScoped
public class InputVideos {
    private final ObjectStore objects;

    InputVideos(VideoStore store) {
        objects = store.objects();
    }

    /**
     * A file that is there.
     *
     * @param bytes how many it has
     * @param head its first ones
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes that nobody compares
    public record Found(long bytes, byte[] head) {}

    /** Stores what a client has sent. */
    public void store(String key, byte[] file, String mediaType) throws IOException {
        objects.put(key, file, mediaType);
    }

    /**
     * Looks at a file that is there.
     *
     * @param head how many of its first bytes are wanted
     * @return nothing when there is no such object
     */
    public Optional<Found> find(String key, int head) throws IOException {
        Optional<Long> bytes = objects.size(key);
        return bytes.isEmpty()
                ? Optional.empty()
                : objects.readStart(key, head).map(first -> new Found(bytes.get(), first));
    }

    /** @return whether there was such an object, to be stored once more */
    public boolean copy(String from, String to) throws IOException {
        return objects.copy(from, to);
    }
}
