package io.text2video.gateway.storage;

import io.text2video.common.job.VideoFile;
import io.text2video.common.lifecycle.JobFolders;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The gateway's client of the object store. */
@ApplicationScoped
public class VideoStore {
    private final ObjectStore objects;

    VideoStore(S3Config config) {
        objects = new ObjectStore(config);
    }

    /**
     * Makes the bucket unless it is there, and looks whether the store will do.
     *
     * @throws io.text2video.common.storage.UnsupportedStoreException when it will not
     */
    public void prepare() throws IOException {
        objects.ensureBucket();
        objects.requireConditionalWrites();
    }

    /** The file of a finished video; nothing when it is no longer there. */
    public Optional<StoredFile> find(VideoFile video, Variant variant) throws IOException {
        String key = variant.key(video);
        return objects.size(key).map(size -> new StoredFile(key, variant, size));
    }

    /** That part of the file, as it comes from the store; the caller closes it. */
    public InputStream open(StoredFile file, ByteRange range) throws IOException {
        return objects.open(file.key(), range.first(), range.length());
    }

    /** The jobs' folders, as workers see them. */
    public JobFolders folders() {
        return new JobFolders(objects);
    }

    ObjectStore objects() {
        return objects;
    }

    @PreDestroy
    void close() {
        objects.close();
    }
}
